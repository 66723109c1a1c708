-- Identity: records linked by conversion, merge or equal e-mail key, directly or through others, are one prospect,
-- named after its oldest record. A connected component, found by walking the links from every record.
with recursive

records as (
    select * from {{ ref('int_records_united') }}
),

-- A star around one record of each e-mail links all of them with as few edges as possible.
email_links as (
    select
        record_id,
        min(record_id) over (partition by email_key) as linked_id
    from records
    where email_key is not null
),

links as (
    select
        record_id,
        converted_contact_id as linked_id
    from records
    union
    select
        record_id,
        master_record_id as linked_id
    from records
    union
    select
        record_id,
        linked_id
    from email_links
),

-- Links to records that are not there (deleted, or not landed yet) join nobody.
edges as (
    select
        links.record_id,
        links.linked_id
    from links
    inner join records on links.linked_id = records.record_id
    where links.record_id <> links.linked_id
),

neighbours as (
    select
        record_id,
        linked_id
    from edges
    union
    select
        linked_id as record_id,
        record_id as linked_id
    from edges
),

reached as (
    select
        record_id,
        record_id as reached_id
    from neighbours
    union
    select
        reached.record_id,
        neighbours.linked_id as reached_id
    from reached
    inner join neighbours on reached.reached_id = neighbours.record_id
),

ranked as (
    select
        reached.record_id,
        reached.reached_id,
        row_number() over (
            partition by reached.record_id
            order by records.created_at, reached.reached_id
        ) as age_rank
    from reached
    inner join records on reached.reached_id = records.record_id
),

final as (
    select
        records.record_id,
        records.record_type,
        coalesce(ranked.reached_id, records.record_id) as prospect_id,
        records.email_key,
        records.visitor_key,
        records.locale,
        records.business_line,
        records.created_at
    from records
    left join ranked
        on records.record_id = ranked.record_id
        and ranked.age_rank = 1
)

select * from final
