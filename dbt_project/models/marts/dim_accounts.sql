-- Accounts with the group they belong to, as the CRM's hierarchy says and nothing else: a name or a domain that looks
-- alike unites nobody. A merged account stands for the one it was merged into.
with recursive

accounts as (
    select * from {{ ref('stg_salesforce__accounts') }}
),

-- Both walks start where nothing is above and go down, so a loop, which nothing leads into, is never entered.
surviving as (
    select
        accounts.account_id,
        accounts.account_id as surviving_account_id
    from accounts
    left join accounts as masters on accounts.master_account_id = masters.account_id
    where masters.account_id is null

    union all

    select
        losers.account_id,
        surviving.surviving_account_id
    from surviving
    inner join accounts as losers on surviving.account_id = losers.master_account_id
),

-- The parent of an account is what became of the one that is noted as its parent.
parents as (
    select
        accounts.account_id,
        upper_accounts.surviving_account_id as parent_account_id
    from accounts
    inner join surviving as own
        on accounts.account_id = own.account_id
        and accounts.account_id = own.surviving_account_id
    inner join surviving as upper_accounts on accounts.parent_account_id = upper_accounts.account_id
    where upper_accounts.surviving_account_id <> accounts.account_id
),

grouped as (
    select
        surviving.account_id,
        surviving.account_id as group_account_id,
        0 as depth
    from surviving
    left join parents on surviving.account_id = parents.account_id
    where surviving.account_id = surviving.surviving_account_id and parents.account_id is null

    union all

    select
        parents.account_id,
        grouped.group_account_id,
        grouped.depth + 1 as depth
    from grouped
    inner join parents on grouped.account_id = parents.parent_account_id
),

-- An account in or below a loop is a group of its own; account_hierarchies_do_not_loop reports it.
final as (
    select
        accounts.account_id,
        accounts.connection,
        accounts.locale,
        accounts.created_at,
        coalesce(surviving.surviving_account_id, accounts.account_id) as surviving_account_id,
        parents.parent_account_id,
        coalesce(grouped.group_account_id, surviving.surviving_account_id, accounts.account_id) as group_account_id,
        coalesce(grouped.depth, 0) as depth,
        coalesce(surviving.surviving_account_id, '') <> accounts.account_id as is_merged,
        grouped.account_id is null as has_loop
    from accounts
    left join surviving on accounts.account_id = surviving.account_id
    left join parents on surviving.surviving_account_id = parents.account_id
    left join grouped on surviving.surviving_account_id = grouped.account_id
)

select * from final
