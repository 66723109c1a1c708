with

source as (
    select * from {{ source('landing', 'salesforce__opportunity_history') }}
),

newest as (
    {{ newest_versions('source') }}
),

renamed as (
    select
        {{ qualified_id('id') }} as opportunity_history_id,
        {{ qualified_id('opportunity_id') }} as opportunity_id,
        stage_name,
        created_date as changed_at
    from newest
)

select * from renamed
