{#
    The rates of rows that have a `currency`, a `local_currency`, a `fiscal_year` and the day in column `date`: of that
    day for what was booked and for the market's own currency, and head office's of the fiscal year and the one after.
    A rate that there is not is NULL: no row is lost for the want of one.
#}
{% macro join_rates(rows, date) -%}
    {%- for rates, currency in [('booked_rates', 'currency'), ('local_rates', 'local_currency')] %}
    left join {{ ref('int_exchange_rates_daily') }} as {{ rates }}
        on {{ rows }}.{{ currency }} = {{ rates }}.currency
        and {{ rows }}.{{ date }} = {{ rates }}.date
    {%- endfor %}
    {%- for rates, year in [('budget_rates', 'fiscal_year'), ('next_budget_rates', 'fiscal_year + 1')] %}
    left join {{ source('config', 'budget_rates') }} as {{ rates }}
        on {{ rows }}.currency = {{ rates }}.currency
        and {{ rows }}.{{ year }} = {{ rates }}.fiscal_year
    {%- endfor %}
{%- endmacro %}


{#
    The factors of rows with `join_rates`. Cross rates go through the euro. Only multiplication, since DuckDB divides
    decimals as floats; 18 decimals, since a cross rate may be tiny.
#}
{% macro fx_columns(rows, date) -%}
    case
        when {{ rows }}.currency = {{ rows }}.local_currency then cast(1 as decimal(28, 18))
        else {{ rate_across('local_rates.units_per_eur', 'booked_rates.eur_per_unit') }}
    end as fx_rate,
    booked_rates.eur_per_unit as fx_rate_eur,
    budget_rates.inverse_rate as fx_rate_eur_constant,
    next_budget_rates.inverse_rate as fx_rate_eur_constant_next,
    case
        when booked_rates.eur_per_unit is not null and local_rates.units_per_eur is not null
            then least(
                coalesce(local_rates.rate_date, {{ rows }}.{{ date }}),
                coalesce(booked_rates.rate_date, {{ rows }}.{{ date }})
            )
    end as fx_rate_date,
    build.fx_policy as fx_source
{%- endmacro %}


{# Units of one currency for a unit of another, by their rates to the euro, to 18 decimals. #}
{% macro rate_across(units_per_eur, eur_per_unit) -%}
    cast(round({{ units_per_eur }} * {{ eur_per_unit }}, 18) as decimal(28, 18))
{%- endmacro %}


{# 1 / rate to 18 decimals, half away from zero, without a float: `rate` is a positive decimal(28, 12). #}
{% macro exact_inverse(rate) -%}
    {{ return(adapter.dispatch('exact_inverse', 'trechter')(rate)) }}
{%- endmacro %}

{% macro duckdb__exact_inverse(rate) -%}
    {%- set whole = "cast(" ~ rate ~ " * 1000000000000 as hugeint)" -%}
    cast(
        cast(
            (cast('1000000000000000000000000000000' as hugeint) + {{ whole }} // 2) // {{ whole }} as decimal(20, 0)
        ) * cast('0.000000000000000001' as decimal(18, 18)) as decimal(20, 18)
    )
{%- endmacro %}

{% macro default__exact_inverse(rate) -%}
    cast(cast(1 as decimal(1, 0)) / {{ rate }} as decimal(20, 18))
{%- endmacro %}
