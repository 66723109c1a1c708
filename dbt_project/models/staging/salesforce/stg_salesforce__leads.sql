{%- set at_work %}
    select touched.record_id from {{ ref('int_records_touched') }} as touched
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__lead') }}
),

crm_locales as (
    select * from {{ source('config', 'crm_locales') }}
),

crm_business_lines as (
    select * from {{ source('config', 'crm_business_lines') }}
),

newest as (
    {{ newest_versions('source', of="id", among=at_work) }}
),

-- A deleted lead is gone with all that hangs on it; the loser of a merge lives on in its winner.
kept as (
    select *
    from newest
    where not is_deleted or master_record_id is not null
),

final as (
    select
        {{ qualified_id('kept.id') }} as lead_id,
        kept._connection as connection,
        {{ qualified_id('kept.master_record_id') }} as master_lead_id,
        {{ qualified_id('kept.converted_contact_id') }} as converted_contact_id,
        {{ qualified_id('kept.converted_opportunity_id') }} as converted_opportunity_id,
        kept.email_key,
        kept.visitor_key,
        kept.status,
        kept.mql_at,
        {{ qualified_id('kept.owner_id') }} as owner_id,
        crm_locales.locale,
        coalesce(crm_business_lines.business_line, 'unmapped') as business_line,
        kept.created_date as created_at
    from kept
    left join crm_locales
        on kept._connection = crm_locales.connection
        and kept.locale_value = crm_locales.source_value
    left join crm_business_lines
        on kept._connection = crm_business_lines.connection
        and kept.business_line_value = crm_business_lines.source_value
)

select * from final
