{%- set at_work %}
    select touched.opportunity_id from {{ ref('int_opportunities_touched') }} as touched
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__opportunity') }}
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

kept as (
    select * from newest
    where not is_deleted
),

final as (
    select
        {{ qualified_id('kept.id') }} as opportunity_id,
        {{ qualified_id('kept.account_id') }} as account_id,
        kept._connection as connection,
        kept.stage_name,
        kept.type as deal_type,
        crm_locales.locale,
        coalesce(crm_business_lines.business_line, 'unmapped') as business_line,
        kept.amount,
        kept.currency_iso_code as currency,
        kept.close_date,
        kept.sql_at,
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
