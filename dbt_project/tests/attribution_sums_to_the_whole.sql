-- The credit of a stage entry under every model is exactly 1, and the money shared is exactly the deal's.
with

credited as (
    select
        stage_entry_id,
    {% for model in attribution_models() -%}
        sum({{ model }}_credit) as {{ model }}
        {{- "," if not loop.last }}
    {% endfor %}
    from {{ ref('fct_attribution') }}
    group by stage_entry_id
),

money as (
    select
        stage_entry_id,
        model,
        sum(amount_local) as amount_local,
        sum(amount_eur) as amount_eur,
        sum(amount_eur_constant) as amount_eur_constant
    from {{ ref('int_deals_credited') }}
    group by stage_entry_id, model
)

select
    entries.stage_entry_id,
    'credit' as what
from {{ ref('fct_stage_entries') }} as entries
left join credited on entries.stage_entry_id = credited.stage_entry_id
where
{% for model in attribution_models() -%}
        credited.{{ model }} is distinct from 1
        {{- " or" if not loop.last }}
{% endfor %}

union all

select
    deals.stage_entry_id,
    money.model as what
from {{ ref('fct_deals') }} as deals
left join money on deals.stage_entry_id = money.stage_entry_id
where
    money.amount_local is distinct from deals.amount_local
    or money.amount_eur is distinct from deals.amount_eur
    or money.amount_eur_constant is distinct from deals.amount_eur_constant
