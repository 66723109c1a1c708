-- Figures of closed periods that this build publishes first, or otherwise than the one before, of the head KPIs that
-- there are. A period is closed for good once it has been published as complete, however far its locale's days reach
-- now.
with

kpis as (
    select * from {{ ref('mart_kpi_period') }}
    where
        numerator is not null
        and kpi in (
            select head.kpi from {{ source('config', 'kpis') }} as head
            where head.tier = 'head'
        )
),

standing as (
    select * from {{ source('published', 'kpi_history') }}
    where until_build_id is null
),

catalogue as (
    select * from {{ source('config', 'kpis') }}
),

-- How far each locale's numbers reach, now and in the published build.
reaches as (
    select
        locale,
        max(as_of_date) as last_date
    from kpis
    group by locale
),

earlier_reaches as (
    select
        locale,
        max(as_of_date) as last_date
    from {{ source('published', 'kpi_period') }}
    group by locale
),

provisional as (
    select
        locale,
        provisional_from_date
    from {{ source('published', 'locales') }}
    union all
    select
        'total' as locale,
        min(provisional_from_date) as provisional_from_date
    from {{ source('published', 'locales') }}
),

compared as (
    select
        coalesce(kpis.locale, standing.locale) as locale,
        coalesce(kpis.business_line, standing.business_line) as business_line,
        coalesce(kpis.period_type, standing.period_type) as period_type,
        coalesce(kpis.period_start, standing.period_start) as period_start,
        coalesce(kpis.period_end, standing.period_end) as period_end,
        coalesce(kpis.kpi, standing.kpi) as kpi,
        {%- for column in frozen_figures() %}
            kpis.{{ column }},
        {%- endfor %}
        standing.kpi is not null as is_published
    from kpis
    full outer join standing
        on kpis.locale = standing.locale
        and kpis.business_line = standing.business_line
        and kpis.period_type = standing.period_type
        and kpis.period_start = standing.period_start
        and kpis.kpi = standing.kpi
    where
        (kpis.is_complete or standing.kpi is not null)
        and (
            standing.kpi is null
            {%- for column in frozen_figures() %}
                or kpis.{{ column }} is distinct from standing.{{ column }}
            {%- endfor %}
        )
),

final as (
    select
        compared.*,
        coalesce(catalogue.numerator, compared.kpi) as numerator_measure,
        catalogue.denominator as denominator_measure,
        compared.period_end > reaches.last_date as has_lost_days,
        compared.period_end > earlier_reaches.last_date as has_found_days,
        compared.is_published
        and coalesce(compared.period_end >= provisional.provisional_from_date, false)
        and 'sessions' in (coalesce(catalogue.numerator, compared.kpi), coalesce(catalogue.denominator, ''))
            as was_provisional
    from compared
    left join catalogue on compared.kpi = catalogue.kpi
    left join reaches on compared.locale = reaches.locale
    left join earlier_reaches on compared.locale = earlier_reaches.locale
    left join provisional on compared.locale = provisional.locale
)

select * from final
