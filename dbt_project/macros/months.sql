{#
    Pre-hook of a mart that is kept by locale and month, in `month`: months go in which one of `facts`, those that the
    mart is made of, is different, and all of `also_model`. `counted_days` then lets no others in.
#}
{% macro forget_changed_months(facts, month='month', also_model=none) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where {{ is_of_changed_month(facts, 'locale', month) }}
            {{- " or model = '" ~ also_model ~ "'" if also_model }}
    {%- endif %}
{%- endmacro %}


{# A join that lets in the rows of `relation` on days that marts count: from go-live to the as-of date. Given `facts`,
    those of a mart that is kept by month, it lets in only the months that the mart has to make. #}
{% macro counted_days(relation, date, facts=none) -%}
    {% if facts and (not execute or is_incremental()) -%}
        {{ changed_days(relation, date, facts) }}
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
{% macro changed_days(relation, date, facts) -%}
    {#- Known to dbt when it parses, and not asked for where all months are made: a unit test need not give it. -#}
    {% if not execute or is_incremental() -%}
        inner join (
            select
                changed.locale,
                {{ each_day(
                    'greatest(changed.month, locales.go_live_date)',
                    'least(' ~ last_day_of('changed.month') ~ ', locales.as_of_date)'
                ) }} as date
            from ({{ months_changed(facts) }}) as changed
            inner join {{ ref('mart_locales') }} as locales on changed.locale = locales.locale
        ) as counted_days
            on {{ relation }}.locale = counted_days.locale
            and {{ relation }}.{{ date }} = counted_days.date
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


{# Whether rows of a mart that is kept by fiscal year, in `period_start`, have to be made; and the pre-hook of one. #}
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

{% macro forget_changed_years(facts) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where {{ is_of_changed_year(facts, 'locale', 'period_start') }}
    {%- endif %}
{%- endmacro %}


{# Whether rows of a mart that is kept by month have to be made. #}
{% macro is_of_changed_month(facts, locale, month) -%}
    {% if not execute or is_incremental() -%}
        ({{ locale }}, {{ month }}) in (
            select (changed.locale, changed.month) from ({{ months_changed(facts) }}) as changed
        )
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}


{# A number for all rows of a relation, which changes with any of them, in whatever order they are. #}
{% macro sum_of_hashes(relation) -%}
    {{ return(adapter.dispatch('sum_of_hashes', 'trechter')(relation)) }}
{%- endmacro %}

{% macro duckdb__sum_of_hashes(relation) -%}
    sum(hash({{ relation }}))
{%- endmacro %}

{% macro default__sum_of_hashes(relation) -%}
    sum(cast(xxhash64(struct({{ relation }}.*)) as decimal(38, 0)))
{%- endmacro %}


{#
    Pre-hook of a mart of KPIs that is kept by the month that its periods begin in: what int_kpi_months finds changed
    goes, and where there are such, all KPIs that Markov's fit has a part in.
#}
{% macro forget_changed_kpis(period_type, period_start, has_markovs=true) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where
            (locale, {{ period_type }}, {{ month_of(period_start) }}) in (
                select (changed.locale, changed.period_type, changed.month)
                from {{ ref('int_kpi_months') }} as changed
                where changed.has_changed
            )
        {%- if has_markovs %}
            or kpi in (
                select kpis.kpi
                from {{ source('config', 'kpis') }} as kpis
                where {{ is_by_markov('kpis') }}
            )
        {%- endif %}
    {%- endif %}
{%- endmacro %}


{# A join that lets in only what has to be made of a relation's periods; and of `numbered_kpis`, all of Markov's. #}
{% macro changed_kpis(relation, kpis=none) -%}
    {% if not execute or is_incremental() -%}
        inner join {{ ref('int_kpi_months') }} as changed
            on {{ relation }}.locale = changed.locale
            and {{ relation }}.period_type = changed.period_type
            and {{ month_of(relation ~ '.period_start') }} = changed.month
            and (changed.has_changed {{- ' or ' ~ kpis ~ '.is_by_markov' if kpis }})
    {%- endif %}
{%- endmacro %}


{# Post-hook of mart_kpi_period: of periods that are kept, how far the figures of their scope reach now. #}
{% macro move_on_with_the_days() -%}
    {% if not execute or is_incremental() -%}
        update {{ this }} as held
        set
            as_of_date = now.as_of_date,
            is_complete = held.period_end <= now.as_of_date,
            is_provisional = now.is_from_web and coalesce(held.period_end >= now.provisional_from_date, false),
            is_stale = now.is_stale
        from (
            select
                reaches.*,
                kpis.kpi,
                kpis.is_from_web
            from {{ ref('int_reaches') }} as reaches
            cross join {{ source('config', 'kpis') }} as kpis
        ) as now
        where held.locale = now.locale and held.kpi = now.kpi
    {%- endif %}
{%- endmacro %}
