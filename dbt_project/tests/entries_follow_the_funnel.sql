-- Whoever entered a stage has entered every earlier one, no later; and every won deal is one sale of one cycle. Of
-- those this build has worked on.
{{ config(meta={'dagster': {'ref': {'name': 'fct_stage_entries'}}}) }}

with

stepped as (
    select
        entries.prospect_id,
        entries.cycle,
        entries.stage,
        entries.entered_at,
        stages.stage_rank,
        lag(entries.entered_at) over (
            partition by entries.prospect_id, entries.cycle
            order by stages.stage_rank
        ) as previous_entered_at,
        row_number() over (partition by entries.prospect_id, entries.cycle order by stages.stage_rank) as step
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
    inner join {{ funnel_stages() }} on entries.stage = stages.stage
)

select
    prospect_id || ' ' || cycle || ' ' || stage as what,
    'stage out of order' as problem
from stepped
where step <> stage_rank or previous_entered_at > entered_at

union all

select
    won.opportunity_id as what,
    'deal counted other than once' as problem
from {{ ref('int_opportunity_stages_entered') }} as won
left join {{ ref('fct_stage_entries') }} as entries
    on won.opportunity_id = entries.opportunity_id
    and entries.stage = 'sale'
where won.stage = 'sale'
group by won.opportunity_id
having count(entries.stage_entry_id) <> 1
