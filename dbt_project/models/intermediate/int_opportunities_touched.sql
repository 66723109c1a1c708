-- Deals that something new has come in about, or whose person may be another prospect now; with the prospect they
-- belonged to, if any.
with

held_opportunities as (
    select * from {{ source('held', 'opportunities') }}
),

touched_records as (
    select * from {{ ref('int_records_touched') }}
),

united_records as (
    select * from {{ ref('int_records_united') }}
),

roles as (
    select
        {{ qualified_id('opportunity_id') }} as opportunity_id,
        {{ qualified_id('contact_id') }} as contact_id
    from {{ source('landing', 'salesforce__opportunity_contact_role') }}
),

held_prospects as (
    select held_prospect_id as prospect_id from touched_records
    union
    select held_prospect_id as prospect_id from united_records
),

touched as (
    {{ new_ids('opportunity', 'id', 'opportunity_id') }}
    union
    {{ new_ids('opportunity_history', 'opportunity_id', 'opportunity_id') }}
    union
    {{ new_ids('opportunity_field_history', 'opportunity_id', 'opportunity_id') }}
    union
    {{ new_ids('opportunity_line_item', 'opportunity_id', 'opportunity_id') }}
    union
    {{ new_ids('opportunity_contact_role', 'opportunity_id', 'opportunity_id') }}
    union
    {{ new_ids_ever('task', 'what_id', 'opportunity_id') }}
    union
    {{ new_ids_ever('event', 'what_id', 'opportunity_id') }}
    union
    select converted_opportunity_id as opportunity_id from united_records
    union
    select roles.opportunity_id
    from roles
    inner join united_records on roles.contact_id = united_records.record_id
    union
    select held_opportunities.opportunity_id
    from held_opportunities
    inner join held_prospects on held_opportunities.prospect_id = held_prospects.prospect_id
),

final as (
    select
        touched.opportunity_id,
        held_opportunities.prospect_id as held_prospect_id
    from touched
    left join held_opportunities on touched.opportunity_id = held_opportunities.opportunity_id
    where touched.opportunity_id is not null
)

select * from final
