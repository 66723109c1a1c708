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


{#
    Credit and money by locale, business line, month, stage, model and `dimensions`, of `attribution` (rows of
    fct_attribution with their month), `deals` and the models `offered`. Money is shared exactly by multiplying: a credit
    and an amount have 12 decimals each, their product has 24. A row a model is made after summing, in one pass.
#}
{% macro credited_by(dimensions) -%}
    {%- set amounts = ['amount_local', 'amount_eur', 'amount_eur_constant'] -%}
    {%- set keys = ['locale', 'business_line', 'month', 'stage'] + dimensions -%}
    select
        summed.*,
        offered.model,
    {%- for value in ['credit'] + amounts %}
        case offered.model
            {%- for model in attribution_models() %}
                when '{{ model }}' then summed.{{ model }}_{{ value }}
            {%- endfor %}
        end as {{ value }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from (
        select
        {%- for model in attribution_models() %}
            sum({{ model }}_credit) as {{ model }}_credit,
            {%- for amount in amounts %}
            cast(null as decimal(38, 24)) as {{ model }}_{{ amount }},
            {%- endfor %}
        {%- endfor %}
            {{ keys | join(', ') }}
        from attribution
        where stage <> 'sale'
        group by {{ keys | join(', ') }}
        union all
        select
        {%- for model in attribution_models() %}
            sum(attribution.{{ model }}_credit) as {{ model }}_credit,
            {%- for amount in amounts %}
            sum(cast(deals.{{ amount }} as decimal(25, 12)) * attribution.{{ model }}_credit) as {{ model }}_{{ amount }},
            {%- endfor %}
        {%- endfor %}
            attribution.{{ keys | join(', attribution.') }}
        from attribution
        inner join deals on attribution.stage_entry_id = deals.stage_entry_id
        where attribution.stage = 'sale'
        group by attribution.{{ keys | join(', attribution.') }}
    ) as summed
    inner join offered on summed.locale = offered.locale
{%- endmacro %}
