-- Every opportunity, open, won or lost, with the prospect it belongs to. Money is as booked: rates are put on where it
-- is read, since they come without the deal changing.
-- depends_on: {{ ref('int_prospects_changed') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

opportunities as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

assigned as (
    select * from {{ ref('int_opportunities_assigned') }}
),

final as (
    select
        opportunities.opportunity_id,
        assigned.prospect_id,
        opportunities.account_id,
        opportunities.connection,
        opportunities.locale,
        opportunities.business_line,
        opportunities.stage_name,
        opportunities.deal_type,
        opportunities.amount,
        opportunities.currency,
        opportunities.close_date,
        opportunities.created_at
    from opportunities
    inner join assigned on opportunities.opportunity_id = assigned.opportunity_id
)

select * from final
