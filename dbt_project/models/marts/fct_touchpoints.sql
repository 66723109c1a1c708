-- Dated marketing contacts of prospects that can earn credit: sessions of their identified visitors, and campaign
-- responses of any type.
with

visits as (
    select * from {{ ref('int_visits_linked') }}
),

responses as (
    select * from {{ ref('int_responses_dated') }}
),

final as (
    select
        touchpoint_id,
        prospect_id,
        'ga4' as touchpoint_source,
        locale,
        touched_at,
        channel,
        campaign
    from visits
    where prospect_id is not null

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
