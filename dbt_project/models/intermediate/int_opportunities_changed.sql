-- The deals this build works on: those of every prospect whose history may be different.
{{ config(materialized='view') }}

with

prospects as (
    select * from {{ ref('int_prospects_changed') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

final as (
    select
        opportunities.opportunity_id,
        opportunities.prospect_id,
        opportunities.locale,
        opportunities.business_line,
        opportunities.is_from_conversion,
        opportunities.stage_name,
        opportunities.amount,
        opportunities.currency,
        opportunities.close_date,
        opportunities.sql_at,
        opportunities.created_at
    from opportunities
    inner join prospects on opportunities.prospect_id = prospects.prospect_id
)

select * from final
