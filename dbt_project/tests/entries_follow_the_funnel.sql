-- Whoever entered a stage has entered every earlier one, no later; and every won deal is one sale of one cycle.
with

entries as (
    select
        prospect_id,
        cycle,
        stage,
        entered_at,
        case stage
            when 'first_identifier' then 1
            when 'second_identifier' then 2
            when 'mql' then 3
            when 'sql' then 4
            when 'sale' then 5
        end as stage_rank
    from {{ ref('fct_stage_entries') }}
),

stepped as (
    select
        *,
        lag(entered_at) over (partition by prospect_id, cycle order by stage_rank) as previous_entered_at,
        row_number() over (partition by prospect_id, cycle order by stage_rank) as step
    from entries
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
