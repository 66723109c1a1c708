-- Every configured locale and how far its numbers reach: to the last complete day, unless web days are missing, in
-- which case it shows what it has up to the gap and says that it is stale.
with

locales as (
    select * from {{ source('config', 'locales') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

landed_days as (
    select * from {{ ref('int_web_days_landed') }}
),

expected as (
    select
        locales.*,
        least(
            cast({{ dbt.dateadd('day', -1, local_date('build.as_of_at', 'locales.time_zone')) }} as date),
            coalesce(locales.closed_date, cast('9999-12-31' as date))
        ) as expected_as_of_date
    from locales
    cross join build
),

-- Days count from go-live on; the run without a gap that starts with the first of them is what can be shown.
numbered_days as (
    select
        landed_days.locale,
        landed_days.session_date,
        landed_days.is_provisional,
        {{ dbt.datediff('min(landed_days.session_date) over (partition by landed_days.locale)',
            'landed_days.session_date', 'day') }} as days_since_first,
        row_number() over (partition by landed_days.locale order by landed_days.session_date) - 1 as days_landed_before
    from landed_days
    inner join expected
        on landed_days.locale = expected.locale
        and landed_days.session_date >= expected.go_live_date
        and landed_days.session_date <= expected.expected_as_of_date
),

reached as (
    select
        locale,
        max(session_date) as as_of_date,
        min(case when is_provisional then session_date end) as provisional_from_date
    from numbered_days
    where days_since_first = days_landed_before
    group by locale
),

final as (
    select
        expected.locale,
        expected.name,
        expected.country_code,
        expected.language,
        expected.time_zone,
        expected.currency,
        expected.owner,
        expected.go_live_date,
        reached.as_of_date,
        expected.expected_as_of_date,
        expected.go_live_date <= expected.expected_as_of_date
        and coalesce(reached.as_of_date < expected.expected_as_of_date, true) as is_stale,
        reached.provisional_from_date
    from expected
    left join reached on expected.locale = reached.locale
)

select * from final
