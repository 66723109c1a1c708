-- Sessions of identified visitors with the prospect each visitor is: that of the oldest lead that carries the client
-- id. A visitor whom nobody knows has none.
with

records as (
    select * from {{ ref('int_records_resolved') }}
),

sessions as (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

ranked_visitors as (
    select
        visitor_key,
        prospect_id,
        row_number() over (partition by visitor_key order by created_at, record_id) as age_rank
    from records
    where visitor_key is not null
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
                sessions.channel,
                sessions.traffic_source,
                sessions.traffic_medium,
                sessions.campaign
            )
        ) as touchpoint_id,
        sessions.locale,
        sessions.visitor_key,
        ranked_visitors.prospect_id,
        {{ instant_of_local('sessions.local_minute', 'locales.time_zone') }} as touched_at,
        sessions.channel,
        sessions.campaign
    from sessions
    inner join locales on sessions.locale = locales.locale
    left join ranked_visitors
        on sessions.visitor_key = ranked_visitors.visitor_key
        and ranked_visitors.age_rank = 1
)

select * from final
