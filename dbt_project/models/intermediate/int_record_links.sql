-- Which records stand for the same person, by conversion, merge or equal e-mail key: every link in both directions.
with

records as (
    select
        *,
        -- A star around one record of each e-mail links all of them with as few edges as possible.
        min(record_id) over (partition by email_key) as email_record_id
    from {{ ref('int_records_united') }}
),

-- Links to records that are not there (deleted, or not landed yet) join nobody.
edges as (
    select
        records.node,
        linked.node as neighbour
    from records
    inner join records as linked on records.converted_contact_id = linked.record_id
    union
    select
        records.node,
        linked.node as neighbour
    from records
    inner join records as linked on records.master_record_id = linked.record_id
    union
    select
        records.node,
        linked.node as neighbour
    from records
    inner join records as linked on records.email_record_id = linked.record_id
    where records.email_key is not null
),

final as (
    select
        node,
        neighbour
    from edges
    where node <> neighbour
    union
    select
        neighbour as node,
        node as neighbour
    from edges
    where node <> neighbour
)

select * from final
