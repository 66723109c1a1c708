-- By every model, the credit of a stage entry is exactly 1, of the prospects that this build has worked on. It is asked
-- when the mart is made, so that no mart waits for the answer.
-- depends_on: {{ ref('mart_attribution') }}
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
    inner join {{ ref('int_prospects_changed') }} as changed
        on credits.prospect_number = {{ number_of_values(['changed.prospect_id']) }}
    group by credits.stage_entry_id
),

entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed
        on entries.prospect_number = {{ number_of_values(['changed.prospect_id']) }}
)

select entries.stage_entry_id
from entries
left join credited on entries.stage_entry_id = credited.stage_entry_id
where
{% for model in attribution_models() -%}
        credited.{{ model }} is distinct from 1
        {{- " or" if not loop.last }}
{% endfor %}
