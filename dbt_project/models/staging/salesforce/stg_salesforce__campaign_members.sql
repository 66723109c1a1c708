with

source as (
    select * from {{ source('landing', 'salesforce__campaign_member') }}
),

newest as (
    {{ newest_versions('source') }}
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
