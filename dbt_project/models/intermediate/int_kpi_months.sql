-- Every month of every locale and of the total, by the type of periods that begin in it, and whether anything that
-- their KPIs are made of differs from what the last build saw: hashes of what their figures and those they are compared
-- with are made of, of remarks, targets, which KPIs there are and what benchmarks go by. What Markov's fit credits is
-- not looked at, since it differs in every build.

with

held as (
    select * from {{ source('held', 'kpi_months') }}
),

measured as (
    select * from {{ ref('int_periods_measured') }}
),

own as (
    select * from measured
    where span = 'own'
),

starts as (
    select distinct
        period_type,
        period_start,
        previous_period_start,
        previous_year_start
    from {{ ref('int_periods') }}
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

-- Days are not compared with others; of longer periods it is set afterwards whether they are provisional.
periods as (
    select
        own.*,
        {%- for previous in ['previous_period', 'previous_year'] %}
            {{ previous }}.made_of_hash as {{ previous }}_hash,
            {{ previous }}_to_date.made_of_hash as {{ previous }}_to_date_hash,
        {%- endfor %}
        own.period_type = 'day' and own.period_start >= reaches.provisional_from_date as is_provisional
    from own
    inner join starts on {{ same('own', 'starts', ['period_type', 'period_start']) }}
    inner join reaches on own.locale = reaches.locale
    {%- for previous in ['previous_period', 'previous_year'] %}
        left join own as {{ previous }}
            on {{ same('own', previous, ['locale', 'period_type']) }}
            and case when own.period_type <> 'day' then starts.{{ previous }}_start end = {{ previous }}.period_start
        left join measured as {{ previous }}_to_date
            on {{ same('own', previous ~ '_to_date', ['locale', 'period_type', 'period_start']) }}
            and {{ previous }}_to_date.span = '{{ previous }}'
    {%- endfor %}
),

hashed as (
    {%- for relation in ['periods', 'quality', 'targets'] %}
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

settings as (
    select sum(rows_hash) as settings_hash
    from (
        {%- for table in ['kpis', 'benchmark_settings', 'benchmark_figures'] %}
            select {{ sum_of_hashes(table) }} as rows_hash from {{ source('config', table) }} as {{ table }}
            {% if not loop.last %}union all{% endif %}
        {%- endfor %}
    ) as tables
),

seen as (
    select
        hashed.locale,
        hashed.period_type,
        hashed.month,
        {{ dbt.listagg("hashed.part || ' ' || hashed.rows_hash", "', '", 'order by hashed.part') }}
        || ', kpis ' || coalesce(cast(offered.kpis_hash as varchar), 'none')
        || ', settings ' || cast(settings.settings_hash as varchar) as fingerprint
    from hashed
    cross join settings
    left join offered on hashed.locale = offered.locale
    group by hashed.locale, hashed.period_type, hashed.month, offered.kpis_hash, settings.settings_hash
),

final as (
    {{ compared_with_held(['locale', 'period_type', 'month']) }}
)

select * from final
