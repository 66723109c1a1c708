-- A chain of merges ends in a record that is not merged itself; one that comes back to where it began is corrupt.
with recursive

losers as (
    select
        record_id,
        master_record_id
    from {{ ref('int_records_united') }}
    where master_record_id is not null
),

chains as (
    select
        losers.record_id,
        losers.master_record_id
    from losers
    union
    select
        chains.record_id,
        losers.master_record_id
    from chains
    inner join losers on chains.master_record_id = losers.record_id
)

select
    chains.record_id,
    chains.master_record_id
from chains
where chains.record_id = chains.master_record_id
