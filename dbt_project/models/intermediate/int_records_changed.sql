-- The records this build works on: leads, contacts and opportunities of every prospect whose history may be different.
with

records as (
    select * from {{ ref('int_records_resolved') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

final as (
    select
        record_id,
        prospect_id
    from records

    union all

    select
        opportunity_id as record_id,
        prospect_id
    from opportunities
)

select * from final
