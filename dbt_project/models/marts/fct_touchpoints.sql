-- Dated marketing contacts of prospects that can earn credit: sessions of their identified visitors, and campaign
-- responses of any type.
with

records as (
    select * from {{ ref('int_records_resolved') }}
),

sessions as (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

responses as (
    select * from {{ ref('int_responses_dated') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

-- A visitor is one prospect: that of the oldest lead that carries the client id.
ranked_visitors as (
    select
        visitor_key,
        prospect_id,
        row_number() over (partition by visitor_key order by created_at, record_id) as age_rank
    from records
    where visitor_key is not null
),

visits as (
    select
        sessions.*,
        ranked_visitors.prospect_id,
        locales.time_zone
    from sessions
    inner join ranked_visitors
        on sessions.visitor_key = ranked_visitors.visitor_key
        and ranked_visitors.age_rank = 1
    inner join locales on sessions.locale = locales.locale
),

final as (
    select
        md5(
            concat_ws(
                '|', locale, visitor_key, local_minute, landing_page, channel, traffic_source, traffic_medium, campaign
            )
        ) as touchpoint_id,
        prospect_id,
        'ga4' as touchpoint_source,
        locale,
        {{ instant_of_local('local_minute', 'time_zone') }} as touched_at,
        channel,
        campaign
    from visits

    union all

    select
        md5(campaign_member_id) as touchpoint_id,
        prospect_id,
        'salesforce' as touchpoint_source,
        locale,
        responded_at as touched_at,
        'Campaign: ' || campaign_type as channel,
        campaign
    from responses
)

select * from final
