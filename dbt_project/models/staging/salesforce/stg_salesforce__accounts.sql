-- Every account, also those that were merged into another: whatever is on them is the other's now.
with

source as (
    select * from {{ source('landing', 'salesforce__account') }}
),

crm_locales as (
    select * from {{ source('config', 'crm_locales') }}
),

newest as (
    {{ newest_versions('source') }}
),

final as (
    select
        {{ qualified_id('newest.id') }} as account_id,
        newest._connection as connection,
        {{ qualified_id('newest.master_record_id') }} as master_account_id,
        {{ qualified_id('newest.parent_id') }} as parent_account_id,
        crm_locales.locale,
        newest.created_date as created_at
    from newest
    left join crm_locales
        on newest._connection = crm_locales.connection
        and newest.locale_value = crm_locales.source_value
    where not newest.is_deleted or newest.master_record_id is not null
)

select * from final
