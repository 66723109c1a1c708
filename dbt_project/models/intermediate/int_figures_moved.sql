-- The daily figures that are others than in the published build: a row a locale, business line, day and measure, of
-- days that it had reached.
with

earlier as (
    select * from {{ source('published', 'funnel_daily') }}
),

current_days as (
    select * from {{ ref('mart_funnel_daily') }}
),

earlier_locales as (
    select * from {{ source('published', 'locales') }}
),

reach as (
    select max(as_of_date) as last_date
    from earlier_locales
),

measures as (
    select
        stages.stage || 's' as measure,
        stages.stage
    from {{ funnel_stages() }}

    union all

    select
        measures.measure,
        measures.stage
    from (
        values ('sessions', null), ('sales_amount', 'sale')
    ) as measures (measure, stage)
),

compared as (
    select
        coalesce(current_days.locale, earlier.locale) as locale,
        coalesce(current_days.business_line, earlier.business_line) as business_line,
        coalesce(current_days.date, earlier.date) as date,
        {%- for measure in measures() if measure != 'sales_amount' %}
            coalesce(current_days.{{ measure }}, 0) <> coalesce(earlier.{{ measure }}, 0) as {{ measure }}_moved,
        {%- endfor %}
        coalesce(current_days.amount_local, 0) <> coalesce(earlier.amount_local, 0)
        or coalesce(current_days.amount_eur, 0) <> coalesce(earlier.amount_eur, 0)
        or coalesce(current_days.amount_eur_constant, 0) <> coalesce(earlier.amount_eur_constant, 0)
            as sales_amount_moved
    from current_days
    full outer join earlier
        on current_days.locale = earlier.locale
        and current_days.business_line = earlier.business_line
        and current_days.date = earlier.date
),

moved as (
    select
        compared.locale,
        compared.business_line,
        compared.date,
        measures.measure,
        measures.stage
    from compared
    cross join measures
    where
        case measures.measure
            {%- for measure in measures() %}
                when '{{ measure }}' then compared.{{ measure }}_moved
            {%- endfor %}
        end
),

final as (
    select moved.*
    from moved
    inner join reach on moved.date <= reach.last_date
)

select * from final
