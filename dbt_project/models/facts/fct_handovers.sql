-- Every lead that marketing qualified and so handed over to sales: what sales did first, and whether it accepted the
-- lead or sent it back. An imputed mql is none: nobody handed anything over. What lies after the as-of instant, such
-- as a meeting that is planned, is for whoever counts to leave out. Kept from build to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

events as (
    select * from {{ ref('int_prospect_events_cycled') }}
),

leads as (
    select * from {{ ref('int_records_changed') }}
    where record_type = 'lead'
),

activities as (
    select * from {{ ref('stg_salesforce__activities') }}
),

-- The first lead to be qualified is the one that its owner was handed.
qualified as (
    select
        events.prospect_id,
        events.cycle,
        events.stage,
        leads.owner_id,
        row_number() over (
            partition by events.prospect_id, events.cycle, events.stage
            order by events.event_number
        ) as choice,
        min(case when events.stage = 'recycled' then events.occurred_at end) over (
            partition by events.prospect_id, events.cycle
        ) as recycled_at
    from events
    inner join leads on events.record_id = leads.record_id
    where events.stage in ('mql', 'recycled')
),

handed_over as (
    select
        entries.*,
        qualified.owner_id,
        qualified.recycled_at,
        lead(entries.entered_at) over (
            partition by entries.prospect_id
            order by entries.cycle
        ) as next_handed_over_at
    from entries
    inner join qualified
        on entries.prospect_id = qualified.prospect_id
        and entries.cycle = qualified.cycle
        and entries.stage = qualified.stage
    where entries.stage = 'mql' and not entries.is_imputed and qualified.choice = 1
),

-- An activity follows up the last hand-over before it.
followed_up as (
    select
        handed_over.stage_entry_id,
        min(activities.happened_at) as first_activity_at
    from handed_over
    inner join activities on handed_over.prospect_id = activities.prospect_id
    where
        activities.happened_at >= handed_over.entered_at
        and coalesce(activities.happened_at < handed_over.next_handed_over_at, true)
    group by handed_over.stage_entry_id
),

final as (
    select
        handed_over.stage_entry_id,
        handed_over.prospect_id,
        handed_over.cycle,
        handed_over.locale,
        handed_over.business_line,
        handed_over.owner_id,
        handed_over.entered_date as handed_over_date,
        handed_over.entered_at as handed_over_at,
        followed_up.first_activity_at,
        accepted.entered_at as accepted_at,
        least(handed_over.recycled_at, handed_over.exited_at) as rejected_at
    from handed_over
    left join followed_up on handed_over.stage_entry_id = followed_up.stage_entry_id
    left join entries as accepted
        on handed_over.prospect_id = accepted.prospect_id
        and handed_over.cycle = accepted.cycle
        and accepted.stage = 'sql'
)

select * from final
