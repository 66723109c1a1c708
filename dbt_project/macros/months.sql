{# A join that lets in the rows of `relation` on days that marts count: from go-live to the as-of date. Given `facts`,
    those of a mart that is kept by month, it lets in only the months that the mart has to make. #}
{% macro counted_days(relation, date, facts=none, of_all_locales=false) -%}
    {% if facts and (not execute or is_incremental()) -%}
        {{ changed_days(relation, date, facts, of_all_locales) }}
    {%- else -%}
        inner join {{ ref('mart_locales') }} as counted_days
            on {{ relation }}.locale = counted_days.locale
            and {{ relation }}.{{ date }} between counted_days.go_live_date and counted_days.as_of_date
    {%- endif %}
{%- endmacro %}

{#
    The same of rows that are all counted: nothing, where the mart makes all months. Days that are equal let DuckDB look
    at no others; a month would have to be worked out of every row.
#}
{% macro changed_days(relation, date, facts, of_all_locales=false) -%}
    {#- Known to dbt when it parses, and not asked for where all months are made: a unit test need not give it. -#}
    {% if not execute or is_incremental() -%}
        inner join (
            select
                locales.locale,
                {{ each_day(
                    'greatest(changed.month, locales.go_live_date)',
                    'least(' ~ last_day_of('changed.month') ~ ', locales.as_of_date)'
                ) }} as date
            {%- if of_all_locales %}
            from (select distinct month from ({{ months_changed(facts) }})) as changed
            cross join {{ ref('mart_locales') }} as locales
            {%- else %}
            from ({{ months_changed(facts) }}) as changed
            inner join {{ ref('mart_locales') }} as locales on changed.locale = locales.locale
            {%- endif %}
        ) as counted_days
            on {{ relation }}.locale = counted_days.locale
            and {{ relation }}.{{ date }} = counted_days.date
    {%- endif %}
{%- endmacro %}

{# The same of rows that have no day, but a month. #}
{% macro changed_months(relation, facts) -%}
    {% if not execute or is_incremental() -%}
        inner join ({{ months_changed(facts) }}) as changed_months
            on {{ relation }}.locale = changed_months.locale
            and {{ relation }}.month = changed_months.month
    {%- endif %}
{%- endmacro %}

{# The months in which one of `facts` is different. #}
{% macro months_changed(facts) -%}
    select distinct
        locale,
        month
    from {{ ref('int_months') }}
    where has_changed and fact in ('{{ facts | join("', '") }}')
{%- endmacro %}


{#
    Whether rows of a mart that is kept by month, of which `day` is a day, have to be made. That nothing has changed before
    some month lets DuckDB pass over most rows; a pair in a list of pairs does not.
#}
{% macro is_of_changed_month(facts, locale, day) -%}
    {% if not execute or is_incremental() -%}
        {{ is_of_month(months_changed(facts), locale, day) }}
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}

{% macro is_of_month(months, locale, day) -%}
    (
        {{ day }} >= (select min(those.month) from ({{ months }}) as those)
        and ({{ locale }}, {{ month_of(day) }}) in (select (those.locale, those.month) from ({{ months }}) as those)
    )
{%- endmacro %}


{# Whether rows of a mart that is kept by fiscal year, which begins on `period_start`, have to be made. #}
{% macro is_of_changed_year(facts, locale, period_start) -%}
    {% if not execute or is_incremental() -%}
        ({{ locale }}, {{ period_start }}) in (
            select (
                changed.locale, {{ fiscal_year_start('changed.month', 'build.fiscal_year_start_month') }}
            )
            from ({{ months_changed(facts) }}) as changed
            cross join {{ source('config', 'build') }} as build
        )
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}
