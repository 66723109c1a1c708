-- Every session of a visitor whose client id is known, whoever that is. Kept by web day: days whose landed rows differ
-- are replaced whole. Visitors have a number too (macros/numbers), by which a few of them are found among all.
-- depends_on: {{ ref('int_visitors_touched') }}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('int_visits', 'visit_date') }}"
    )
}}

with

sessions as {{ not_kept() }} (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

changed_days as (
    {{ days_to_make('int_visits', 'int_visit_days_landed', 'visit_date') }}
),

changed as {{ not_kept() if not is_incremental() }} (
    select sessions.*
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.visit_date = changed_days.visit_date
),

origins as (
    select distinct
        locale,
        source_served,
        medium_served,
        campaign_served,
        ga4_channel
    from changed
),

origins_read as (
    {{ origins_read('origins') }}
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
                sessions.source_served,
                sessions.medium_served,
                sessions.campaign_served
            )
        ) as touchpoint_id,
        sessions.locale,
        sessions.visitor_key,
        {{ number_of_values(['sessions.visitor_key']) }} as visitor_number,
        sessions.visit_date,
        {{ instant_of_local('sessions.local_minute', 'locales.time_zone') }} as touched_at,
        origins_read.channel,
        origins_read.campaign,
        sessions.landing_page
    from changed as sessions
    inner join locales on sessions.locale = locales.locale
    inner join origins_read
        on {{ same_origin('sessions', 'origins_read') }}
)

select * from final
