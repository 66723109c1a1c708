-- Sessions by month and what brought them, of all days; `sessions` are those of the days that marts count.
with

by_day as (
    select * from {{ ref('int_campaigns_daily') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

final as (
    select
        by_day.locale,
        {{ month_of('by_day.session_date') }} as month,
        by_day.channel,
        by_day.traffic_source,
        by_day.traffic_medium,
        by_day.campaign,
        by_day.is_coded,
        cast(
            sum(
                case
                    when by_day.session_date between locales.go_live_date and locales.as_of_date then by_day.sessions
                    else 0
                end
            ) as bigint
        ) as sessions,
        min(by_day.session_date) as first_session_date,
        max(by_day.session_date) as last_session_date
    from by_day
    left join locales on by_day.locale = locales.locale
    group by
        by_day.locale, {{ dbt.date_trunc('month', 'by_day.session_date') }}, by_day.channel, by_day.traffic_source,
        by_day.traffic_medium, by_day.campaign, by_day.is_coded
)

select * from final
