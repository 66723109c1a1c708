-- Sessions of identified visitors with the prospect each visitor is. A visitor whom nobody knows has none.
{{ config(materialized='view') }}

with

visits as (
    select * from {{ ref('int_visits') }}
),

visitors as (
    select * from {{ ref('int_visitors_linked') }}
),

final as (
    select
        visits.touchpoint_id,
        visits.locale,
        visits.visitor_key,
        visitors.prospect_id,
        visits.touched_at,
        visits.visit_date,
        visits.channel,
        visits.campaign,
        visits.landing_page
    from visits
    left join visitors on visits.visitor_key = visitors.visitor_key
)

select * from final
