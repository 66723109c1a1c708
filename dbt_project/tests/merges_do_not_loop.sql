-- A chain of merges ends in a record that is not merged itself; one that comes back to where it began is corrupt, and
-- named once, with the whole way round.
with recursive

losers as (
    select
        record_id,
        master_record_id
    from {{ ref('int_records_resolved') }}
    where master_record_id is not null
),

-- Only a loser that another was merged into can be in a loop.
chains as (
    select
        losers.record_id,
        losers.master_record_id,
        losers.record_id as first_id,
        losers.record_id || ' > ' || losers.master_record_id as chain
    from losers
    where losers.record_id in (select others.master_record_id from losers as others)

    union all

    select
        chains.record_id,
        losers.master_record_id,
        least(chains.first_id, losers.record_id) as first_id,
        chains.chain || ' > ' || losers.master_record_id as chain
    from chains
    inner join losers on chains.master_record_id = losers.record_id
    where {{ dbt.position("losers.record_id || ' > '", 'chains.chain') }} = 0
)

select
    record_id,
    chain
from chains
where record_id = master_record_id and record_id = first_id
