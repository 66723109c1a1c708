-- Prospects whose history began after they did: a lead beyond `open` without a status history, or a deal without one.
{{ config(materialized='view') }}

with

statuses as (
    select * from {{ ref('int_lead_statuses_mapped') }}
),

records as (
    select * from {{ ref('int_records_changed') }}
    where record_type in ('lead', 'contact')
),

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

opportunity_stages as (
    select * from {{ ref('int_opportunity_stages_mapped') }}
),

final as (
    select records.prospect_id
    from statuses
    inner join records on statuses.lead_id = records.record_id
    where statuses.history_source = 'none' and statuses.stage <> 'open'

    union

    select opportunities.prospect_id
    from opportunity_stages
    inner join opportunities on opportunity_stages.opportunity_id = opportunities.opportunity_id
    where opportunity_stages.is_history_missing
)

select * from final
