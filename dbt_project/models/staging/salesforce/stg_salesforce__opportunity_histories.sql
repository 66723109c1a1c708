{%- set at_work %}
    select changed.record_id from {{ ref('int_records_changed') }} as changed
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__opportunity_history') }}
),

newest as (
    {{ newest_versions('source', of="opportunity_id", among=at_work) }}
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
