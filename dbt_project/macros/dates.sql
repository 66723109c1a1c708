{# One row a calendar day from the first date to the last, both included. #}
{% macro each_day(first_date, last_date) -%}
    {{ return(adapter.dispatch('each_day', 'trechter')(first_date, last_date)) }}
{%- endmacro %}

{% macro duckdb__each_day(first_date, last_date) -%}
    cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day)) as date)
{%- endmacro %}

{% macro default__each_day(first_date, last_date) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day))
{%- endmacro %}


{# The first day of a date's month. #}
{% macro month_of(date) -%}
    cast({{ dbt.date_trunc('month', date) }} as date)
{%- endmacro %}


{# The last day of the month that begins on a day. #}
{% macro last_day_of(month) -%}
    cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, month)) }} as date)
{%- endmacro %}


{#
    First day of the fiscal year a date lies in. A fiscal year is named after the calendar year it starts in,
    so with a start month of 1 it is the calendar year.
#}
{% macro fiscal_year_start(date, start_month) -%}
    cast(
        {{ dbt.dateadd('month', start_month ~ ' - 1',
            dbt.date_trunc('year', dbt.dateadd('month', '1 - ' ~ start_month, date))) }}
        as date
    )
{%- endmacro %}
