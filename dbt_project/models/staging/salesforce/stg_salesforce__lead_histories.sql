{%- set at_work %}
    select changed.record_id from {{ ref('int_records_changed') }} as changed
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__lead_history') }}
),

newest as (
    {{ newest_versions('source', of="lead_id", among=at_work) }}
),

-- History rows stay whatever becomes of their own deletion mark: a merge deletes the loser's, and they count.
renamed as (
    select
        {{ qualified_id('id') }} as lead_history_id,
        {{ qualified_id('lead_id') }} as lead_id,
        _connection as connection,
        field,
        old_value,
        new_value,
        created_date as changed_at
    from newest
)

select * from renamed
