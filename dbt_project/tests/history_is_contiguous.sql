-- A figure's values follow one another without a gap, and exactly one of them stands.
with

history as (
    select
        *,
        lead(from_build_id) over (
            partition by locale, business_line, period_type, period_start, kpi
            order by from_build_id
        ) as next_build_id
    from {{ ref('mart_kpi_history') }}
)

select
    locale,
    business_line,
    period_type,
    period_start,
    kpi,
    from_build_id
from history
where next_build_id is distinct from until_build_id
