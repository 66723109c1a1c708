{%- set at_work %}
    select touched.record_id from {{ ref('int_records_touched') }} as touched
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__contact') }}
),

crm_locales as (
    select * from {{ source('config', 'crm_locales') }}
),

newest as (
    {{ newest_versions('source', of="id", among=at_work) }}
),

-- A deleted contact is gone with all that hangs on it; the loser of a merge lives on in its winner.
kept as (
    select *
    from newest
    where not is_deleted or master_record_id is not null
),

final as (
    select
        {{ qualified_id('kept.id') }} as contact_id,
        kept._connection as connection,
        {{ qualified_id('kept.master_record_id') }} as master_contact_id,
        kept.email_key,
        crm_locales.locale,
        kept.created_date as created_at
    from kept
    left join crm_locales
        on kept._connection = crm_locales.connection
        and kept.locale_value = crm_locales.source_value
)

select * from final
