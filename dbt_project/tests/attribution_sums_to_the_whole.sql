-- The credit of a stage entry under a model is exactly 1, and its money exactly the deal's.
with

credited as (
    select
        stage_entry_id,
        model,
        sum(credit) as credit,
        sum(amount_local) as amount_local,
        sum(amount_eur) as amount_eur,
        sum(amount_eur_constant) as amount_eur_constant
    from {{ ref('fct_attribution') }}
    group by stage_entry_id, model
)

select
    credited.*,
    deals.opportunity_id
from credited
left join {{ ref('fct_deals') }} as deals on credited.stage_entry_id = deals.stage_entry_id
where
    credited.credit <> 1
    or credited.amount_local is distinct from deals.amount_local
    or credited.amount_eur is distinct from deals.amount_eur
    or credited.amount_eur_constant is distinct from deals.amount_eur_constant

union all

select
    entries.stage_entry_id,
    'none' as model,
    0 as credit,
    null as amount_local,
    null as amount_eur,
    null as amount_eur_constant,
    entries.opportunity_id
from {{ ref('fct_stage_entries') }} as entries
where entries.stage_entry_id not in (select credited.stage_entry_id from credited)
