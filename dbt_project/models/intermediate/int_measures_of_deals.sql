-- What deals add to a day's measures besides money: those lost, and how long those won took from SQL to sale.
{{ config(materialized='view') }}

with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

trips as (
    select * from {{ ref('int_cycles_entered') }}
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
        sum({{ dbt.datediff('trips.sql_entered_at', 'sold.entered_at', 'second') }}) as cycle_seconds
    from entries as sold
    inner join trips
        on sold.prospect_id = trips.prospect_id
        and sold.cycle = trips.cycle
    where
        sold.stage = 'sale'
        and trips.sale_entered_at is not null
        and not (sold.is_imputed or trips.is_sql_imputed or sold.is_before_creation)
        and sold.entered_date >= trips.sql_entered_date
    group by sold.locale, sold.business_line, sold.entered_date
),

final as (
    {{ measured('lost', ['lost_deals'], 'deals') }}
    union all
    {{ measured('cycles', ['measured_cycles', 'cycle_seconds'], 'deals') }}
)

select * from final
