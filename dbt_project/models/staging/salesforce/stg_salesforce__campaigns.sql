with

source as (
    select * from {{ source('landing', 'salesforce__campaign') }}
),

newest as (
    {{ newest_versions('source') }}
),

renamed as (
    select
        {{ qualified_id('id') }} as campaign_id,
        name as campaign,
        type as campaign_type,
        start_date,
        end_date,
        campaign_code
    from newest
    where not is_deleted
)

select * from renamed
