{#
    The models of attribution that look at one path alone, each with a column `<model>_credit` of fct_touch_credits;
    and all, which Markov completes, each with one of fct_attribution (docs/semantics, Attribution).
#}
{% macro attribution_models_of_a_path() -%}
    {{ return([
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay', 'w_shaped', 'full_path',
        'shapley'
    ]) }}
{%- endmacro %}

{% macro attribution_models() -%}
    {{ return(attribution_models_of_a_path() + ['markov']) }}
{%- endmacro %}


{# A whole number of 48 bits that stands for a text, the same in every build; sums of it tell sets of texts apart. #}
{% macro number_of(text) -%}
    {{ return(adapter.dispatch('number_of', 'trechter')(text)) }}
{%- endmacro %}

{% macro duckdb__number_of(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 12) as bigint)
{%- endmacro %}

{% macro default__number_of(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 12), 16, 10) as bigint)
{%- endmacro %}
