-- Every status a lead has had, each read with the map of the locale the lead was in at that instant: from the CRM's
-- history of it, or, where it keeps none, from what we saw between two refreshes.
with

leads as (
    select
        record_id as lead_id,
        status,
        created_at
    from {{ ref('int_records_changed') }}
    where record_type = 'lead'
),

histories as (
    select * from {{ ref('stg_salesforce__lead_histories') }}
),

observed as (
    select * from {{ ref('int_stages_observed') }}
),

record_locales as (
    select * from {{ ref('int_record_locales_tracked') }}
),

crm_stages as (
    select * from {{ source('config', 'crm_stages') }}
),

changes as (
    select
        lead_id,
        old_value,
        new_value,
        changed_at,
        row_number() over (partition by lead_id order by changed_at, lead_history_id) as change_number,
        'history' as history_source
    from histories
    where field = 'status'

    union all

    select
        record_id as lead_id,
        old_value,
        new_value,
        changed_at,
        change_number,
        'observed' as history_source
    from observed
),

-- A lead begins in the old value of its first change, or, never changed, in its current status.
initial_statuses as (
    select
        leads.lead_id,
        0 as change_number,
        case when changes.lead_id is null then leads.status else changes.old_value end as status,
        leads.created_at as occurred_at,
        case when changes.history_source = 'history' then 'history' else 'none' end as history_source
    from leads
    left join changes
        on leads.lead_id = changes.lead_id
        and changes.change_number = 1
),

statuses as (
    select * from initial_statuses

    union all

    select
        changes.lead_id,
        changes.change_number,
        changes.new_value as status,
        changes.changed_at as occurred_at,
        changes.history_source
    from changes
    inner join leads on changes.lead_id = leads.lead_id
),

final as (
    select
        statuses.lead_id,
        statuses.change_number,
        statuses.occurred_at,
        record_locales.locale,
        statuses.status,
        coalesce(crm_stages.stage, 'unmapped') as stage,
        statuses.history_source
    from statuses
    inner join record_locales
        on statuses.lead_id = record_locales.record_id
        and statuses.occurred_at >= record_locales.valid_from
        and statuses.occurred_at < record_locales.valid_to
    left join crm_stages
        on record_locales.locale = crm_stages.locale
        and crm_stages.object = 'lead'
        and statuses.status = crm_stages.source_value
)

select * from final
