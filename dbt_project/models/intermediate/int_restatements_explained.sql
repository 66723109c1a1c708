-- Why each published figure of a closed period is another one now: the reasons of the days and measures that it is made
-- of, and those that concern the figure itself.
with

restated as (
    select * from {{ ref('int_kpis_restated') }}
    where is_published
),

figures as (
    select * from {{ ref('int_figures_explained') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

changed as (
    select * from {{ ref('int_build_inputs_changed') }}
),

figures_by_period as (
    select distinct
        periods.period_type,
        periods.period_start,
        figures.locale,
        figures.business_line,
        figures.measure,
        figures.reason
    from figures
    inner join periods on figures.date = periods.date
),

-- A day's figure is part of its own locale's and of the total, of its own business line's and of all lines'.
levelled as (
    select distinct
        figures_by_period.period_type,
        figures_by_period.period_start,
        figures_by_period.measure,
        figures_by_period.reason,
        case when levels.is_total then 'total' else figures_by_period.locale end as locale,
        case when levels.is_all then 'all' else figures_by_period.business_line end as business_line
    from figures_by_period
    cross join (values (false, false), (false, true), (true, false), (true, true)) as levels (is_total, is_all)
),

-- What concerns the figure itself: web days that were counted are not there, or are there again; other models; another
-- calendar; another definition of the KPI; a locale that came or went.
reasons as (
    {%- for measure in ['numerator_measure', 'denominator_measure'] %}
        select
            restated.*,
            levelled.reason
        from restated
        inner join levelled
            on restated.{{ measure }} = levelled.measure
            and restated.locale = levelled.locale
            and restated.business_line = levelled.business_line
            and restated.period_type = levelled.period_type
            and restated.period_start = levelled.period_start
        union all
    {%- endfor %}
    select
        restated.*,
        case when has_lost_days then 'restatement' else 'late_data' end as reason
    from restated
    where has_lost_days or has_found_days
    union all
    select
        restated.*,
        case changed.input when 'models' then 'model_change' else 'mapping_change' end as reason
    from restated
    inner join changed on changed.input in ('models', 'head_office')
    union all
    select
        restated.*,
        'mapping_change' as reason
    from restated
    inner join changed
        on changed.input = 'kpi'
        and restated.kpi = changed.scope
    union all
    select
        restated.*,
        'mapping_change' as reason
    from restated
    inner join changed
        on changed.input = 'crm_mapping'
        and restated.locale = changed.scope
        and (changed.is_new or changed.is_gone)
),

distinct_reasons as (
    select distinct
        locale,
        business_line,
        period_type,
        period_start,
        kpi,
        reason
    from reasons
),

final as (
    select
        locale,
        business_line,
        period_type,
        period_start,
        kpi,
        {{ dbt.listagg('reason', "', '", 'order by reason') }} as reasons
    from distinct_reasons
    group by locale, business_line, period_type, period_start, kpi
)

select * from final
