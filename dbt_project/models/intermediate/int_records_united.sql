-- Leads and contacts side by side: every record that stands for a person.
{{ config(materialized='view') }}

with

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

contacts as (
    select * from {{ ref('stg_salesforce__contacts') }}
),

final as (
    select
        lead_id as record_id,
        'lead' as record_type,
        master_lead_id as master_record_id,
        converted_contact_id,
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
        email_key,
        cast(null as varchar) as visitor_key,
        locale,
        'unmapped' as business_line,
        created_at
    from contacts
)

select * from final
