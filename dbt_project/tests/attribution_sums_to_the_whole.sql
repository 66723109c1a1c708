-- The credit of a stage entry under every model is exactly 1, of those this build has worked on. By every model that a
-- locale offers, all credit and money are exactly its stage entries and their deals.
{{ config(meta={'dagster': {'ref': {'name': 'mart_attribution'}}}) }}

with

credited as (
    select
        credits.stage_entry_id,
    {% for model in attribution_models() -%}
        sum(credits.{{ model }}_credit) as {{ model }}
        {{- "," if not loop.last }}
    {% endfor %}
    from {{ ref('fct_attribution') }} as credits
    inner join {{ ref('int_prospects_changed') }} as changed on credits.prospect_id = changed.prospect_id
    group by credits.stage_entry_id
),

entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

shared as (
    select
        locale,
        model,
        sum(credit) as credit,
        sum(amount_local) as amount_local,
        sum(amount_eur) as amount_eur,
        sum(amount_eur_constant) as amount_eur_constant
    from {{ ref('mart_attribution') }}
    group by locale, model
),

earned as (
    select
        entries.locale,
        count(*) as credit,
        sum(deals.amount_local) as amount_local,
        sum(deals.amount_eur) as amount_eur,
        sum(deals.amount_eur_constant) as amount_eur_constant
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('mart_locales') }} as locales
        on entries.locale = locales.locale
        and entries.entered_date between locales.go_live_date and locales.as_of_date
    left join {{ ref('fct_deals') }} as deals on entries.stage_entry_id = deals.stage_entry_id
    group by entries.locale
)

select entries.stage_entry_id as what_is_wrong
from entries
left join credited on entries.stage_entry_id = credited.stage_entry_id
where
{% for model in attribution_models() -%}
        credited.{{ model }} is distinct from 1
        {{- " or" if not loop.last }}
{% endfor %}

union all

select earned.locale || ' by ' || models.model as what_is_wrong
from earned
inner join {{ source('config', 'attribution_models') }} as models on earned.locale = models.locale
left join shared
    on models.locale = shared.locale
    and models.model = shared.model
where
    shared.credit is distinct from earned.credit
    or shared.amount_local is distinct from earned.amount_local
    or shared.amount_eur is distinct from earned.amount_eur
    or shared.amount_eur_constant is distinct from earned.amount_eur_constant
