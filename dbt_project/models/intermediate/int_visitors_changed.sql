-- Visitors who may have made other visits than before, or be somebody else.
with

final as (
    select visitor_key from {{ ref('int_visitors_touched') }}
    union
    select held_visitor_key as visitor_key from {{ ref('int_records_touched') }}
    union
    select visitor_key from {{ ref('int_records_united') }}
)

select * from final
where visitor_key is not null
