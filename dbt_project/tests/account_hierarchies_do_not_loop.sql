-- Parents, and merges, lead up to an account that has none. Loops are named once, with the whole way round. A warning:
-- their accounts count, each as a group of its own, until the CRM is mended.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'dim_accounts'}}}) }}

with recursive

lost as (
    select
        accounts.account_id,
        coalesce(accounts.master_account_id, accounts.parent_account_id) as linked_id
    from {{ ref('stg_salesforce__accounts') }} as accounts
    inner join {{ ref('dim_accounts') }} as grouped on accounts.account_id = grouped.account_id
    where grouped.has_loop
),

chains as (
    select
        account_id,
        linked_id,
        account_id as first_id,
        account_id || ' > ' || linked_id as chain
    from lost

    union all

    select
        chains.account_id,
        lost.linked_id,
        least(chains.first_id, lost.account_id) as first_id,
        chains.chain || ' > ' || lost.linked_id as chain
    from chains
    inner join lost on chains.linked_id = lost.account_id
    where {{ dbt.position("lost.account_id || ' > '", 'chains.chain') }} = 0
)

select
    account_id,
    chain
from chains
where account_id = linked_id and account_id = first_id
