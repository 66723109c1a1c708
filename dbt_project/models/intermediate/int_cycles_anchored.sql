-- The moments of a prospect's cycle that touches are measured against: its first lead's creation, and that of the
-- deal it led to. Of the prospects this build works on.
with

stage_entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

records as (
    select resolved.*
    from {{ ref('int_records_resolved') }} as resolved
    inner join {{ ref('int_prospects_changed') }} as changed on resolved.prospect_id = changed.prospect_id
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

leads as (
    select
        prospect_id,
        min(created_at) as lead_created_at
    from records
    where record_type = 'lead'
    group by prospect_id
),

deals as (
    select
        stage_entries.prospect_id,
        stage_entries.cycle,
        min(opportunities.created_at) as deal_created_at
    from stage_entries
    left join opportunities on stage_entries.opportunity_id = opportunities.opportunity_id
    group by stage_entries.prospect_id, stage_entries.cycle
),

final as (
    select
        deals.prospect_id,
        deals.cycle,
        leads.lead_created_at,
        deals.deal_created_at
    from deals
    left join leads on deals.prospect_id = leads.prospect_id
)

select * from final
