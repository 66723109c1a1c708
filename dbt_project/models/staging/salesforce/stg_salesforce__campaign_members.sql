{%- set at_work %}
    select changed.record_id from {{ ref('int_records_changed') }} as changed
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__campaign_member') }}
),

newest as (
    {{ newest_versions('source', of="coalesce(lead_id, contact_id)", among=at_work) }}
),

renamed as (
    select
        {{ qualified_id('id') }} as campaign_member_id,
        {{ qualified_id('campaign_id') }} as campaign_id,
        {{ qualified_id('lead_id') }} as lead_id,
        {{ qualified_id('contact_id') }} as contact_id,
        has_responded,
        first_responded_date
    from newest
    where not is_deleted
)

select * from renamed
