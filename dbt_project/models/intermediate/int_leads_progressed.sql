-- Every lead the marts count (a first identifier), with what had become of it in the same trip when the as-of date was
-- over, and what its sale was worth, in the currency of the lead's own locale.
{{ config(materialized='view') }}

with

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

sold as (
    select * from {{ ref('int_leads_sold') }}
),

locales as (
    {{ locales_with_ends() }}
),

leads as (
    select
        cycles.*,
        coalesce(cycles.exited_at < locales.as_of_ends_at, false) as is_disqualified,
    {%- for stage in ['mql', 'sql', 'sale'] %}
        coalesce(cycles.{{ stage }}_entered_at < locales.as_of_ends_at, false) as is_{{ stage }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from cycles
    inner join locales
        on cycles.locale = locales.locale
        and cycles.entered_date between locales.go_live_date and locales.as_of_date
),

final as (
    select
        leads.stage_entry_id,
        leads.locale,
        leads.business_line,
        leads.entered_date,
        {{ month_of('leads.entered_date') }} as month,
        leads.is_mql,
        leads.is_sql,
        leads.is_sale,
        leads.is_disqualified,
        case when leads.is_mql then {{ days_between('leads.entered_at', 'leads.mql_entered_at') }} end as days_to_mql,
        case
            when leads.is_sale then {{ days_between('leads.entered_at', 'leads.sale_entered_at') }}
        end as days_to_sale,
        sold.amount_local,
        sold.amount_eur,
        sold.amount_eur_constant
    from leads
    left join sold on leads.stage_entry_id = sold.stage_entry_id
)

select * from final
