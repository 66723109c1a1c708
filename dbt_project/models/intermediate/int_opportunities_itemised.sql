-- Every opportunity with what the CRM calls it and what its lines come to, together and by kind of revenue. Only lines
-- in the deal's own currency add up.
{{ config(materialized='view') }}

with

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

lines as (
    select * from {{ ref('fct_deal_lines') }}
),

products as (
    select * from {{ ref('stg_salesforce__products') }}
),

deal_kinds as (
    select * from {{ source('config', 'deal_kinds') }}
),

summed as (
    select
        lines.opportunity_id,
        lines.currency,
        sum(lines.amount) as lines_amount,
        sum(case when products.revenue_type = 'recurring' then lines.amount else 0 end) as recurring_amount,
        sum(case when products.revenue_type = 'one_off' then lines.amount else 0 end) as one_off_amount
    from lines
    left join products on lines.product_id = products.product_id
    group by lines.opportunity_id, lines.currency
),

final as (
    select
        opportunities.opportunity_id,
        opportunities.account_id,
        deal_kinds.deal_kind as stated_kind,
        opportunities.amount,
        opportunities.currency,
        summed.lines_amount,
        summed.recurring_amount,
        summed.one_off_amount
    from opportunities
    left join summed
        on opportunities.opportunity_id = summed.opportunity_id
        and opportunities.currency = summed.currency
    left join deal_kinds
        on opportunities.connection = deal_kinds.connection
        and opportunities.deal_type = deal_kinds.source_value
)

select * from final
