-- The hand-over from marketing to sales by locale, business line, month and the owner's team, each also as `total` or
-- `all`, since medians do not add up: how many leads were handed over, how soon sales was in touch, what came of it.
with

handovers as (
    select * from {{ ref('fct_handovers') }}
),

users as (
    select * from {{ ref('stg_salesforce__users') }}
),

agreements as (
    select * from {{ source('config', 'hand_overs') }}
),

locales as (
    {{ locales_with_ends() }}
),

-- Only what had happened when the as-of date was over.
known as (
    select
        handovers.locale,
        handovers.business_line,
        coalesce(users.owner_team, 'unknown') as owner_team,
        {{ month_of('handovers.handed_over_date') }} as month,
        handovers.accepted_at < locales.as_of_ends_at as is_accepted,
        handovers.rejected_at < locales.as_of_ends_at as is_rejected,
        {{ plus_days_of_24_hours('handovers.handed_over_at', 'agreements.forgotten_after_days') }}
        < locales.as_of_ends_at as is_old,
        agreements.response_hours,
        case
            when handovers.first_activity_at < locales.as_of_ends_at
                then {{ days_between('handovers.handed_over_at', 'handovers.first_activity_at') }} * 24
        end as lead_response_hours
    from handovers
    inner join locales
        on handovers.locale = locales.locale
        and handovers.handed_over_date between locales.go_live_date and locales.as_of_date
    inner join agreements on handovers.locale = agreements.locale
    left join users on handovers.owner_id = users.owner_id
),

judged as (
    select
        *,
        coalesce(is_accepted, false) as was_accepted,
        coalesce(is_rejected, false) and not coalesce(is_accepted, false) as was_rejected,
        lead_response_hours is null and not coalesce(is_accepted, is_rejected, false) as is_waiting
    from known
),

final as (
    select
        case when grouping(locale) = 1 then 'total' else locale end as locale,
        case when grouping(business_line) = 1 then 'all' else business_line end as business_line,
        case when grouping(owner_team) = 1 then 'all' else owner_team end as owner_team,
        month,
        count(*) as handed_over,
        count(lead_response_hours) as followed_up,
        count(case when lead_response_hours <= response_hours then 1 end) as followed_up_in_time,
        count(case when was_accepted then 1 end) as accepted,
        count(case when was_rejected then 1 end) as rejected,
        count(case when is_waiting and is_old then 1 end) as never_followed_up,
        count(case when is_waiting and not is_old then 1 end) as waiting,
        cast({{ quantile('lead_response_hours', 0.5) }} as decimal(18, 4)) as median_lead_response_hours,
        cast({{ quantile('lead_response_hours', 0.9) }} as decimal(18, 4)) as p90_lead_response_hours
    from judged
    group by month, cube(locale, business_line, owner_team)
)

select * from final
