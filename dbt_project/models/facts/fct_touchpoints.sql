-- Dated marketing contacts of prospects that can earn credit: sessions of their identified visitors, and campaign
-- responses of any type. Kept from build to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospect_numbers() }}"
    )
}}

with

-- Few, and found before all visits are looked at.
visitors as (
    select linked.*
    from {{ ref('int_visitors_linked') }} as linked
    inner join {{ ref('int_prospects_changed') }} as changed on linked.prospect_id = changed.prospect_id
    -- All have one; but where visitors are chosen by anything, DuckDB reads no more of the visits of others.
    where linked.visitor_key <> ''
),

visits as (
    select
        visits.touchpoint_id,
        visits.locale,
        visits.touched_at,
        visits.visit_date,
        visits.channel,
        visits.campaign,
        visits.landing_page,
        visitors.prospect_id
    from {{ ref('int_visits') }} as visits
    inner join visitors on visits.visitor_number = {{ number_of_values(['visitors.visitor_key']) }}
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
        visit_date as touched_date,
        channel,
        campaign,
        landing_page
    from visits

    union all

    select
        md5(campaign_member_id) as touchpoint_id,
        prospect_id,
        'salesforce' as touchpoint_source,
        locale,
        responded_at as touched_at,
        responded_date as touched_date,
        'Campaign: ' || campaign_type as channel,
        campaign,
        cast(null as varchar) as landing_page
    from responses
)

select
    *,
    {{ number_of_values(['prospect_id']) }} as prospect_number,
    {{ hash_of_row('final') }} as row_hash
from final
