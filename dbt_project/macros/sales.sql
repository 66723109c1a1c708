{# What a customer can be worth, and the months from the first deal that each kind of value is of, if any. #}
{% macro value_types() -%}
    (
        values
        ('first_order', null),
        ('repeat', null),
        ('recurring', null),
        ('total', null),
        ('12_months', 12),
        ('24_months', 24)
    ) as value_types (value_type, months)
{%- endmacro %}


{# That two relations agree in all of these columns. #}
{% macro same(one, other, columns) -%}
    {% for column in columns -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}
        {{- " and " if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#
    Every lead that marts count, with what had become of it (int_leads_progressed); `only` is a join that narrows `cycles`
    down. Asked of the view instead, DuckDB works on all leads first, since what became of them joins from the left.
#}
{% macro leads_progressed(only='') -%}
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
    {{ only }}
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
{%- endmacro %}


{# Credit and money of the leads in a relation by `keys`. All that was won is worth its amount times its
    credit: 12 decimals each, 24 together. #}
{% macro credit_of_leads(relation, models, keys) -%}
    select
        {{ keys | join(', ') }}
    {%- for model in models %},
        sum({{ model }}_credit) as {{ model }}_credit
        {%- for amount in amounts_credited() %},
        sum(case when is_sale then cast({{ amount }} as decimal(25, 12)) * {{ model }}_credit end)
            as {{ model }}_{{ amount }}
        {%- endfor %}
    {%- endfor %}
    from {{ relation }}
    group by {{ keys | join(', ') }}
{%- endmacro %}
