-- The periods with days of which Google says that it has withheld rows (thresholds), estimated (sampling) or rolled
-- them up into `(other)`; only those. A period has what any of its days has, and the total what any locale has.
{{ config(materialized='view') }}

with

windows as (
    select * from {{ source('landing', 'windows') }}
    where
        source = 'ga4'
        and stream in ('sessions', 'ads')
        and (
            metadata like '%"subject_to_thresholding"%'
            or metadata like '%"sampling"%'
            or metadata like '%"data_loss_from_other_row"%'
        )
),

periods as (
    select * from {{ ref('int_periods') }}
),

final as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(windows.scope, 'total') as locale,
        max(windows.metadata like '%"subject_to_thresholding"%') as is_thresholded,
        max(windows.metadata like '%"sampling"%') as is_sampled,
        max(windows.metadata like '%"data_loss_from_other_row"%') as is_rolled_up
    from windows
    inner join periods on cast(windows.window_start as date) = periods.date
    group by periods.period_type, periods.period_start, cube(windows.scope)
)

select * from final
