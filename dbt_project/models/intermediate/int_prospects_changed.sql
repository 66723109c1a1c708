-- The prospects this build works on: those whose history may be different, under the ids they have now and had before.
-- Whoever shares a web visitor with one of them is among them, since a visitor belongs to one prospect only.
with

touched_records as (
    select * from {{ ref('int_records_touched') }}
),

united_records as (
    select * from {{ ref('int_records_united') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

touched_opportunities as (
    select * from {{ ref('int_opportunities_touched') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

visitors as (
    select * from {{ ref('int_visitors_changed') }}
),

changed as (
    select held_prospect_id as prospect_id from touched_records
    union
    select held_prospect_id as prospect_id from united_records
    union
    select records.prospect_id
    from records
    inner join united_records on records.record_id = united_records.record_id
    union
    select held_prospect_id as prospect_id from touched_opportunities
    union
    select opportunities.prospect_id
    from opportunities
    inner join touched_opportunities on opportunities.opportunity_id = touched_opportunities.opportunity_id
    union
    select records.prospect_id
    from records
    inner join visitors on records.visitor_key = visitors.visitor_key
),

final as (
    select prospect_id
    from changed
    where prospect_id is not null
)

select * from final
