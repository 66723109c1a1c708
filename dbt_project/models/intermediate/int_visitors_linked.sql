-- The prospect each web visitor is: that of the oldest lead that carries the client id.
with

records as (
    select * from {{ ref('int_records_resolved') }}
),

ranked as (
    select
        visitor_key,
        prospect_id,
        row_number() over (partition by visitor_key order by created_at, record_id) as age_rank
    from records
    where visitor_key is not null
),

final as (
    select
        visitor_key,
        prospect_id
    from ranked
    where age_rank = 1
)

select * from final
