-- The steps of the paths of visitors whom nobody knows, in each market they have been to. Such a path ends at the last
-- visit and reaches back the lookback from there. Kept from build to build by visitor.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('visitor_key', ref('int_visitors_changed')) }}"
    )
}}

with

-- Few, and found before all visits are looked at.
strangers as (
    select changed.visitor_key
    from {{ ref('int_visitors_changed') }} as changed
    left join {{ ref('int_visitors_linked') }} as linked on changed.visitor_key = linked.visitor_key
    where linked.visitor_key is null
),

visits as (
    select
        strangers.visitor_key,
        visits.locale,
        visits.touchpoint_id,
        visits.touched_at,
        visits.channel,
        visits.campaign,
        max(visits.touched_at) over (partition by visits.locale, strangers.visitor_key) as last_touched_at
    from {{ ref('int_visits') }} as visits
    inner join strangers on visits.visitor_number = {{ number_of_values(['strangers.visitor_key']) }}
),

windows as (
    select * from {{ source('config', 'attribution_windows') }}
    where business_line = 'unmapped'
),

final as (
    select
        visits.visitor_key,
        visits.locale,
        lag(visits.channel) over path as channel_before,
        visits.channel,
        lead(visits.touchpoint_id) over path is null as is_last
    from visits
    cross join windows
    where visits.touched_at >= {{ plus_days_of_24_hours('visits.last_touched_at', '-windows.lookback_days') }}
    window path as (
        partition by visits.locale, visits.visitor_key
        order by visits.touched_at, visits.channel, visits.campaign, visits.touchpoint_id
    )
)

select * from final
