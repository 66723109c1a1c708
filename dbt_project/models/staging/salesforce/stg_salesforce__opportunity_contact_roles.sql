{%- set at_work %}
    select touched.opportunity_id from {{ ref('int_opportunities_touched') }} as touched
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__opportunity_contact_role') }}
),

newest as (
    {{ newest_versions('source', of="opportunity_id", among=at_work) }}
),

renamed as (
    select
        {{ qualified_id('id') }} as opportunity_contact_role_id,
        {{ qualified_id('opportunity_id') }} as opportunity_id,
        {{ qualified_id('contact_id') }} as contact_id,
        is_primary,
        created_date as created_at
    from newest
    where not is_deleted
)

select * from renamed
