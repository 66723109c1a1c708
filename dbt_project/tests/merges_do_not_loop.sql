-- A chain of merges ends in a record that is not merged itself; one that comes back to where it began is corrupt.
with recursive

merges as (
    select
        record_id,
        master_record_id
    from {{ ref('int_records_united') }}
    where master_record_id is not null
),

chains as (
    select
        record_id,
        master_record_id
    from merges
    union
    select
        chains.record_id,
        merges.master_record_id
    from chains
    inner join merges on chains.master_record_id = merges.record_id
)

select *
from chains
where record_id = master_record_id
