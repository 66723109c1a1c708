-- The credit of a stage entry under every model is exactly 1, and the money shared is exactly the deals'.
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

shared as (
    select
        locale,
        model,
        sum(amount_local) as amount_local,
        sum(amount_eur) as amount_eur,
        sum(amount_eur_constant) as amount_eur_constant
    from {{ ref('mart_attribution') }}
    where stage = 'sale'
    group by locale, model
),

earned as (
    select
        deals.locale,
        models.model,
        sum(deals.amount_local) as amount_local,
        sum(deals.amount_eur) as amount_eur,
        sum(deals.amount_eur_constant) as amount_eur_constant
    from {{ ref('fct_deals') }} as deals
    inner join {{ ref('mart_locales') }} as locales
        on deals.locale = locales.locale
        and deals.close_date between locales.go_live_date and locales.as_of_date
    inner join {{ source('config', 'attribution_models') }} as models on deals.locale = models.locale
    group by deals.locale, models.model
)

select entries.stage_entry_id as what_is_wrong
from {{ ref('fct_stage_entries') }} as entries
left join credited on entries.stage_entry_id = credited.stage_entry_id
where
{% for model in attribution_models() -%}
        credited.{{ model }} is distinct from 1
        {{- " or" if not loop.last }}
{% endfor %}

union all

select earned.locale || ' by ' || earned.model as what_is_wrong
from earned
left join shared
    on earned.locale = shared.locale
    and earned.model = shared.model
where
    shared.amount_local is distinct from earned.amount_local
    or shared.amount_eur is distinct from earned.amount_eur
    or shared.amount_eur_constant is distinct from earned.amount_eur_constant
