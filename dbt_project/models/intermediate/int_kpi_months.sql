-- Every month of every locale and of the total, by the type of periods that begin in it, and whether anything that
-- their KPIs are made of differs from what the last build saw: hashes of figures, remarks, targets and which KPIs there
-- are. What Markov's fit credits is not looked at, since it differs in every build.
{%- set lists = [
    'figures', 'previous_period_figures', 'previous_period_to_date_figures', 'previous_year_figures',
    'previous_year_to_date_figures'
] %}

with

held as (
    select * from {{ source('held', 'kpi_months') }}
),

figures as (
    select * from {{ ref('int_figures_by_period') }}
    where period_type = 'day' and span = 'own'
),

compared as (
    select * from {{ ref('int_figures_compared') }}
),

quality as (
    select * from {{ ref('int_web_quality') }}
),

targets as (
    select * from {{ ref('int_targets_resolved') }}
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

kpis as (
    {{ numbered_kpis() }}
),

days as (
    select
        figures.locale,
        figures.period_type,
        figures.period_start,
        figures.business_line,
        {{ figures_but_markovs('figures.figures') }} as figures,
        figures.figures_local,
        figures.currency,
        figures.figures_eur_constant,
        figures.period_start >= reaches.provisional_from_date as is_provisional
    from figures
    inner join reaches on figures.locale = reaches.locale
),

periods as (
    select
        locale,
        period_type,
        period_start,
        period_end,
        business_line,
        is_previous_year_whole,
        {% for list in lists -%}
            {{ figures_but_markovs(list) }} as {{ list }},
        {% endfor -%}
        figures_local,
        currency,
        figures_eur_constant,
        previous_year_to_date_figures_local,
        previous_year_to_date_figures_eur_constant
    from compared
),

hashed as (
    {%- for relation in ['days', 'periods', 'quality', 'targets'] %}
        select
            {{ relation }}.locale,
            {{ relation }}.period_type,
            {{ month_of(relation ~ '.period_start') }} as month,
            '{{ relation }}' as part,
            {{ sum_of_hashes(relation) }} as rows_hash
        from {{ relation }}
        group by {{ relation }}.locale, {{ relation }}.period_type, {{ month_of(relation ~ '.period_start') }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

offered as (
    select
        kpis.locale,
        {{ sum_of_hashes('kpis') }} as kpis_hash
    from kpis
    group by kpis.locale
),

seen as (
    select
        hashed.locale,
        hashed.period_type,
        hashed.month,
        {{ dbt.listagg("hashed.part || ' ' || hashed.rows_hash", "', '", 'order by hashed.part') }}
        || ', kpis ' || coalesce(cast(offered.kpis_hash as varchar), 'none') as fingerprint
    from hashed
    left join offered on hashed.locale = offered.locale
    group by hashed.locale, hashed.period_type, hashed.month, offered.kpis_hash
),

final as (
    {{ compared_with_held(['locale', 'period_type', 'month']) }}
)

select * from final
