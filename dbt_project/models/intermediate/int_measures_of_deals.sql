-- What deals add to a day's measures besides money: those lost, and how long those won took from SQL to sale.
{{ config(materialized='view') }}

with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

lost_stages as (
    select * from {{ source('config', 'crm_stages') }}
    where object = 'opportunity' and stage = 'lost'
),

lost as (
    select
        opportunities.locale,
        opportunities.business_line,
        opportunities.close_date as date,
        count(*) as lost_deals
    from opportunities
    inner join lost_stages
        on opportunities.locale = lost_stages.locale
        and opportunities.stage_name = lost_stages.source_value
    group by opportunities.locale, opportunities.business_line, opportunities.close_date
),

-- As in mart_velocity: two known moments, in an order that is possible.
cycles as (
    select
        sold.locale,
        sold.business_line,
        sold.entered_date as date,
        count(*) as measured_cycles,
        sum({{ dbt.datediff('accepted.entered_at', 'sold.entered_at', 'second') }}) as cycle_seconds
    from entries as sold
    inner join entries as accepted
        on sold.prospect_id = accepted.prospect_id
        and sold.cycle = accepted.cycle
        and accepted.stage = 'sql'
    left join opportunities on sold.opportunity_id = opportunities.opportunity_id
    where
        sold.stage = 'sale'
        and not (sold.is_imputed or accepted.is_imputed)
        and sold.entered_date >= accepted.entered_date
        and coalesce(sold.entered_at >= opportunities.created_at, true)
    group by sold.locale, sold.business_line, sold.entered_date
),

final as (
    {{ measured('lost', ['lost_deals']) }}
    union all
    {{ measured('cycles', ['measured_cycles', 'cycle_seconds']) }}
)

select * from final
