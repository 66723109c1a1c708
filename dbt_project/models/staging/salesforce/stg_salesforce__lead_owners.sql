{#- Read once. -#}
{{ config(materialized='view') }}

{%- set at_work %}
    select changed.record_id from {{ ref('int_records_changed') }} as changed
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__lead') }}
),

newest as (
    {{ newest_versions('source', of="id", among=at_work) }}
),

renamed as (
    select
        {{ qualified_id('id') }} as lead_id,
        {{ qualified_id('owner_id') }} as owner_id
    from newest
)

select * from renamed
