{# The models of attribution, each with a column `<model>_credit` of fct_attribution (docs/semantics, Attribution). #}
{% macro attribution_models() -%}
    {{ return([
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay', 'w_shaped', 'full_path',
        'markov', 'shapley'
    ]) }}
{%- endmacro %}


{# The models as rows: `models (model)`. #}
{% macro attribution_model_names() -%}
    (
        values
        {% for model in attribution_models() -%}
        ('{{ model }}')
        {{- ", " if not loop.last }}
        {%- endfor %}
    ) as models (model)
{%- endmacro %}


{#
    One touch's part of an entry's credit, given its `weight` beside those of the entry's other touches: exact decimals
    of 12 places, of which the oldest touch takes what rounding leaves, so that they sum to 1.
#}
{% macro credit_of(weight) -%}
    case touch_number
        when 1
            then 1 - coalesce(
                sum({{ rounded_share(weight) }}) over (
                    partition by stage_entry_id
                    order by touch_number
                    rows between 1 following and unbounded following
                ),
                0
            )
        else {{ rounded_share(weight) }}
    end
{%- endmacro %}

{% macro rounded_share(weight) -%}
    cast({{ weight }} as decimal(13, 12))
{%- endmacro %}
