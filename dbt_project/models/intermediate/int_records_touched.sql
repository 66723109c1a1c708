-- Leads and contacts that something new has come in about: a version of their own, of their history, a response, an
-- activity, a campaign they responded to, a visit. With the prospect and the visitor they were, if they were any.
with

held_records as (
    select * from {{ source('held', 'records') }}
),

visitors as (
    select * from {{ ref('int_visitors_touched') }}
),

members as (
    select
        {{ qualified_id('coalesce(lead_id, contact_id)') }} as record_id,
        {{ qualified_id('campaign_id') }} as campaign_id
    from {{ source('landing', 'salesforce__campaign_member') }}
),

campaigns as (
    {{ new_ids('campaign', 'id', 'campaign_id') }}
),

touched as (
    {{ new_ids('lead', 'id', 'record_id') }}
    union
    {{ new_ids('contact', 'id', 'record_id') }}
    union
    {{ new_ids('lead_history', 'lead_id', 'record_id') }}
    union
    {{ new_ids('campaign_member', 'lead_id', 'record_id') }}
    union
    {{ new_ids('campaign_member', 'contact_id', 'record_id') }}
    union
    {{ new_ids_ever('task', 'who_id', 'record_id') }}
    union
    {{ new_ids_ever('event', 'who_id', 'record_id') }}
    union
    select members.record_id
    from members
    inner join campaigns on members.campaign_id = campaigns.campaign_id
    union
    select held_records.record_id
    from held_records
    inner join visitors on held_records.visitor_key = visitors.visitor_key
),

final as (
    select
        touched.record_id,
        held_records.prospect_id as held_prospect_id,
        held_records.visitor_key as held_visitor_key
    from touched
    left join held_records on touched.record_id = held_records.record_id
    where touched.record_id is not null
)

select * from final
