-- The days of identified visits the landing holds of each locale. `source_hash` changes whenever the day's rows do.
{{ config(materialized='view') }}

with

windows as (
    select * from {{ source('landing', 'windows') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

visit_windows as (
    select
        windows.scope as locale,
        cast(windows.window_start as date) as first_date,
        cast({{ dbt.dateadd('day', -1, 'cast(windows.window_end as date)') }} as date) as last_date,
        windows.content_hash
    from windows
    inner join locales on windows.scope = locales.locale
    where windows.source = 'ga4' and windows.stream = 'touchpoints'
),

final as (
    select
        locale,
        {{ each_day('first_date', 'last_date') }} as visit_date,
        content_hash as source_hash
    from visit_windows
)

select * from final
