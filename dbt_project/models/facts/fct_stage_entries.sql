-- When each prospect entered each stage of each cycle. The first event of a stage counts; a stage that was skipped,
-- or that came after a later one, takes the entry of the next stage reached (`is_imputed`), so entries never fall
-- down the funnel. Kept from build to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospect_numbers() }}"
    )
}}

with

events as (
    select cycled.*
    from {{ ref('int_prospect_events_cycled') }} as cycled
    inner join {{ ref('int_prospects_changed') }} as changed on cycled.prospect_id = changed.prospect_id
),

incomplete as (
    select * from {{ ref('int_prospects_incomplete') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

stages as (
    select
        stages.stage,
        stages.stage_rank
    from {{ funnel_stages() }}
),

ranked as (
    select
        *,
        row_number() over (partition by prospect_id, cycle, stage order by event_number) as entry_number
    from events
),

first_entries as (
    select * from ranked
    where entry_number = 1 and stage_rank <= 5
),

-- Imputing downwards from the sale ends at the earliest entry of this stage or any later one; on equal instants the
-- stage's own, then the nearest.
candidates as (
    select
        stages.stage,
        first_entries.prospect_id,
        first_entries.cycle,
        first_entries.stage <> stages.stage as is_imputed,
        first_entries.occurred_at as entered_at,
        first_entries.occurred_date as entered_date,
        first_entries.locale,
        first_entries.business_line,
        first_entries.history_source,
        case when first_entries.stage_rank >= 4 and stages.stage_rank >= 4 then first_entries.record_id end
            as opportunity_id,
        row_number() over (
            partition by first_entries.prospect_id, first_entries.cycle, stages.stage_rank
            order by first_entries.occurred_at, first_entries.stage_rank
        ) as choice
    from first_entries
    inner join stages on first_entries.stage_rank >= stages.stage_rank
),

-- A disqualification ends the cycle unless the prospect moved on within it.
last_events as (
    select
        prospect_id,
        cycle,
        max(case when stage in ('mql', 'sql', 'sale') then event_number else 0 end) as last_movement,
        max(case when stage = 'disqualified' then event_number end) as last_disqualification,
        max(case when stage = 'disqualified' then occurred_at end) as disqualified_at
    from events
    group by prospect_id, cycle
),

exits as (
    select * from last_events
    where last_disqualification > last_movement
),

final as (
    select
        md5(concat_ws('|', candidates.prospect_id, candidates.cycle, candidates.stage)) as stage_entry_id,
        candidates.prospect_id,
        candidates.cycle,
        candidates.stage,
        candidates.entered_at,
        candidates.entered_date,
        candidates.locale,
        candidates.business_line,
        candidates.is_imputed,
        candidates.history_source,
        incomplete.prospect_id is not null as history_incomplete,
        exits.disqualified_at as exited_at,
        case when exits.prospect_id is not null then 'disqualified' end as exit_reason,
        candidates.opportunity_id,
        coalesce(candidates.entered_at < opportunities.created_at, false) as is_before_creation
    from candidates
    left join opportunities on candidates.opportunity_id = opportunities.opportunity_id
    left join incomplete on candidates.prospect_id = incomplete.prospect_id
    left join exits
        on candidates.prospect_id = exits.prospect_id
        and candidates.cycle = exits.cycle
    where candidates.choice = 1
)

-- A cycle's hash differs as soon as one of its entries does; until its last moment is over, it is not all counted yet.
select
    *,
    {{ number_of_values(['prospect_id']) }} as prospect_number,
    {{ hash_of_row('final') }} as row_hash,
    {{ number_of_values(['sum(' ~ hash_of_row('final') ~ ') over of_cycle']) }} as cycle_hash,
    greatest(max(entered_at) over of_cycle, max(exited_at) over of_cycle) as cycle_last_at
from final
window of_cycle as (partition by prospect_id, cycle)
