-- Every lead and contact whose prospect may be another one than before: those with something new about them, and all
-- records of the prospects that these were part of, are linked to, or are linked from.
with

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

contacts as (
    select * from {{ ref('stg_salesforce__contacts') }}
),

touched as (
    select * from {{ ref('int_records_touched') }}
),

held_records as {{ not_kept() }} (
    select * from {{ source('held', 'records') }}
),

fresh as (
    select
        lead_id as record_id,
        'lead' as record_type,
        master_lead_id as master_record_id,
        converted_contact_id,
        converted_opportunity_id,
        status,
        mql_at,
        owner_id,
        email_key,
        visitor_key,
        locale,
        business_line,
        created_at
    from leads

    union all

    select
        contact_id as record_id,
        'contact' as record_type,
        master_contact_id as master_record_id,
        cast(null as varchar) as converted_contact_id,
        cast(null as varchar) as converted_opportunity_id,
        cast(null as varchar) as status,
        cast(null as timestamp with time zone) as mql_at,
        cast(null as varchar) as owner_id,
        email_key,
        cast(null as varchar) as visitor_key,
        locale,
        'unmapped' as business_line,
        created_at
    from contacts
),

linked_prospects as (
    select held_prospect_id as prospect_id
    from touched
    union
    select held_records.prospect_id
    from held_records
    inner join fresh on held_records.record_id = fresh.converted_contact_id
    union
    select held_records.prospect_id
    from held_records
    inner join fresh on held_records.record_id = fresh.master_record_id
    union
    select held_records.prospect_id
    from held_records
    inner join fresh on held_records.converted_contact_id = fresh.record_id
    union
    select held_records.prospect_id
    from held_records
    inner join fresh on held_records.master_record_id = fresh.record_id
    union
    select held_records.prospect_id
    from held_records
    inner join fresh on held_records.email_key = fresh.email_key
),

united as (
    select
        *,
        cast(null as varchar) as held_prospect_id
    from fresh

    union all

    select
        held_records.record_id,
        held_records.record_type,
        held_records.master_record_id,
        held_records.converted_contact_id,
        held_records.converted_opportunity_id,
        held_records.status,
        held_records.mql_at,
        held_records.owner_id,
        held_records.email_key,
        held_records.visitor_key,
        held_records.locale,
        held_records.business_line,
        held_records.created_at,
        held_records.prospect_id as held_prospect_id
    from held_records
    inner join linked_prospects on held_records.prospect_id = linked_prospects.prospect_id
    left join touched on held_records.record_id = touched.record_id
    where touched.record_id is null
),

final as (
    select
        *,
        row_number() over (order by created_at, record_id) as node
    from united
)

select * from final
