-- Every session of a visitor whose client id is known, whoever that is. Kept by web day: days whose landed rows differ
-- are replaced whole.
-- depends_on: {{ ref('int_visitors_touched') }}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('int_visit_days_landed', 'visit_date') }}"
    )
}}

with

sessions as {{ not_kept() }} (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

landed_days as (
    select * from {{ ref('int_visit_days_landed') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

changed_days as (
    {{ days_to_make('landed_days', 'visit_date') }}
),

changed as {{ not_kept() }} (
    select
        sessions.*,
        changed_days.source_hash
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.visit_date = changed_days.visit_date
),

origins as (
    select distinct
        locale,
        traffic_source,
        traffic_medium,
        campaign,
        ga4_channel
    from changed
),

channels as (
    {{ channels_of('origins') }}
),

final as (
    select
        md5(
            concat_ws(
                '|',
                sessions.locale,
                sessions.visitor_key,
                sessions.local_minute,
                sessions.landing_page,
                sessions.ga4_channel,
                sessions.traffic_source,
                sessions.traffic_medium,
                sessions.campaign
            )
        ) as touchpoint_id,
        sessions.locale,
        sessions.visitor_key,
        sessions.visit_date,
        {{ instant_of_local('sessions.local_minute', 'locales.time_zone') }} as touched_at,
        coalesce(channels.channel, 'unmapped') as channel,
        sessions.campaign,
        sessions.landing_page,
        sessions.source_hash
    from changed as sessions
    inner join locales on sessions.locale = locales.locale
    left join channels
        on sessions.locale = channels.locale
        and sessions.traffic_source = channels.traffic_source
        and sessions.traffic_medium = channels.traffic_medium
        and sessions.campaign = channels.campaign
        and sessions.ga4_channel = channels.ga4_channel
)

select * from final
