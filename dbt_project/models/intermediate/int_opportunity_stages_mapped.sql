-- Every stage an opportunity has had, read with its locale's map: from the CRM's history of it, or, where it keeps none
-- (`is_history_missing`), from its creation and what we saw between two refreshes.
with

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

histories as (
    select * from {{ ref('stg_salesforce__opportunity_histories') }}
),

observed as (
    select * from {{ ref('int_stages_observed') }}
),

crm_stages as (
    select * from {{ source('config', 'crm_stages') }}
),

-- Without history a deal begins in the first stage we saw it in, or in its current one.
stages as (
    select
        opportunities.opportunity_id,
        opportunities.locale,
        coalesce(histories.stage_name, observed.old_value, opportunities.stage_name) as stage_name,
        coalesce(histories.changed_at, opportunities.created_at) as occurred_at,
        coalesce(histories.opportunity_history_id, '') as opportunity_history_id,
        histories.opportunity_id is null as is_history_missing,
        case when histories.opportunity_id is null then 'none' else 'history' end as history_source
    from opportunities
    left join histories on opportunities.opportunity_id = histories.opportunity_id
    left join observed
        on opportunities.opportunity_id = observed.record_id
        and observed.change_number = 1

    union all

    select
        opportunities.opportunity_id,
        opportunities.locale,
        observed.new_value as stage_name,
        observed.changed_at as occurred_at,
        cast(observed.change_number as varchar) as opportunity_history_id,
        true as is_history_missing,
        'observed' as history_source
    from observed
    inner join opportunities on observed.record_id = opportunities.opportunity_id
),

final as (
    select
        stages.opportunity_id,
        stages.opportunity_history_id,
        stages.locale,
        stages.occurred_at,
        stages.stage_name,
        coalesce(crm_stages.stage, 'unmapped') as stage,
        stages.is_history_missing,
        stages.history_source
    from stages
    left join crm_stages
        on stages.locale = crm_stages.locale
        and crm_stages.object = 'opportunity'
        and stages.stage_name = crm_stages.source_value
)

select * from final
