-- Every trip through the funnel as one row, with the moment of each stage: where it began, how far it came. Kept from
-- build to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

final as (
    select
        prospect_id,
        cycle,
        {%- for column in ['stage_entry_id', 'locale', 'business_line', 'entered_at', 'entered_date'] %}
            max(case when stage = 'first_identifier' then {{ column }} end) as {{ column }},
        {%- endfor %}
        coalesce(bool_or(stage = 'first_identifier' and is_imputed), false) as is_imputed,
        {%- for stage in ['second_identifier', 'mql', 'sql', 'sale'] %}
            max(case when stage = '{{ stage }}' then entered_at end) as {{ stage }}_entered_at,
            max(case when stage = '{{ stage }}' then entered_date end) as {{ stage }}_entered_date,
            coalesce(bool_or(stage = '{{ stage }}' and is_imputed), false) as is_{{ stage }}_imputed,
        {%- endfor %}
        max(case when stage = 'sale' then opportunity_id end) as opportunity_id,
        max(exited_at) as exited_at
    from entries
    group by prospect_id, cycle
)

select * from final
