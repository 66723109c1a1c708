{#
    Pre-hook of a mart of KPIs that is kept by the month that its periods begin in: what int_kpi_months finds changed
    goes, and where there are such, all KPIs that Markov's fit has a part in. Where locales are compared, it goes of all.
#}
{% macro forget_changed_kpis(period_type, period_start, has_markovs=true, of_all_locales=false) -%}
    {%- set locale = '' if of_all_locales else 'locale, ' %}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where
            ({{ locale }}{{ period_type }}, {{ month_of(period_start) }}) in (
                select ({{ locale }}changed.period_type, changed.month)
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


{# A join that lets in only what has to be made of a relation's periods. #}
{% macro changed_kpis(relation) -%}
    {% if not execute or is_incremental() -%}
        inner join {{ ref('int_kpi_months') }} as changed
            on {{ relation }}.locale = changed.locale
            and {{ relation }}.period_type = changed.period_type
            and {{ month_of(relation ~ '.period_start') }} = changed.month
            and changed.has_changed
    {%- endif %}
{%- endmacro %}

{#
    A join of a relation's periods with `kpis`, the CTE of `numbered_kpis`: of periods that have not changed, those with a
    part of Markov's only. Which KPIs of which months that are is asked before each period is there once a KPI.
#}
{% macro join_changed_kpis(relation) -%}
    {% if not execute or is_incremental() -%}
        inner join (
            select
                kpis.*,
                changed.period_type,
                changed.month
            from kpis
            inner join {{ ref('int_kpi_months') }} as changed
                on kpis.locale = changed.locale
                and (changed.has_changed or kpis.is_by_markov)
        ) as kpis
            on {{ relation }}.locale = kpis.locale
            and {{ relation }}.period_type = kpis.period_type
            and {{ month_of(relation ~ '.period_start') }} = kpis.month
    {%- else -%}
        inner join kpis on {{ relation }}.locale = kpis.locale
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
