-- How far the figures of each locale and of the total reach, and how sure they are. The total reaches as far as the
-- locale furthest behind, not counting those that were given up.
{{ config(materialized='view') }}

with

locales as (
    select * from {{ ref('mart_locales') }}
),

settings as (
    select * from {{ source('config', 'locales') }}
),

final as (
    select
        locale,
        currency,
        as_of_date,
        provisional_from_date,
        is_stale
    from locales

    union all

    select
        'total' as locale,
        cast(null as varchar) as currency,
        min(
            case
                when
                    locales.as_of_date < coalesce(settings.closed_date, cast('9999-12-31' as date))
                    then locales.as_of_date
            end
        ) as as_of_date,
        min(locales.provisional_from_date) as provisional_from_date,
        max(locales.is_stale) as is_stale
    from locales
    inner join settings on locales.locale = settings.locale
)

select * from final
