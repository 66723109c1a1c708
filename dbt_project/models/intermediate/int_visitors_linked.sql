-- The prospect each web visitor is: that of the oldest lead that carries the client id. Kept from build to build by
-- visitor.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('visitor_key', ref('int_visitors_changed')) }}"
    )
}}

with

records as (
    select resolved.*
    from {{ ref('int_records_resolved') }} as resolved
    inner join {{ ref('int_visitors_changed') }} as changed on resolved.visitor_key = changed.visitor_key
),

ranked as (
    select
        visitor_key,
        prospect_id,
        row_number() over (partition by visitor_key order by created_at, record_id) as age_rank
    from records
),

final as (
    select
        visitor_key,
        prospect_id
    from ranked
    where age_rank = 1
)

select * from final
