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
    What the marts count of fct_attribution, with its month: of sales, or of all other stages. Each is read where it is
    needed; one relation for both would be written down in between, which takes as long as all the rest.
#}
{% macro credit_by_month(stages) -%}
    select
        credits.*,
        cast({{ dbt.date_trunc('month', 'credits.entered_date') }} as date) as month
    from {{ ref('fct_attribution') }} as credits
    inner join {{ ref('mart_locales') }} as locales
        on credits.locale = locales.locale
        and credits.entered_date between locales.go_live_date and locales.as_of_date
    where credits.stage {{ stages }}
{%- endmacro %}


{#
    Credit and money by locale, business line, month, stage, model and `dimensions`, of `other_stages` and `sales` (see
    credit_by_month), `deals` and the models `offered`. Money is shared exactly by multiplying: a credit
    and an amount have 12 decimals each, their product has 24. A row a model is made after summing; only sales have money,
    so the others are spared asking for it.
#}
{% macro credited_by(dimensions) -%}
    {%- set amounts = ['amount_local', 'amount_eur', 'amount_eur_constant'] -%}
    {%- set keys = ['locale', 'business_line', 'month', 'stage'] + dimensions -%}
    select
        summed.{{ keys | join(', summed.') }},
        offered.model,
        {{ value_of_model('credit') }} as credit
    {%- for amount in amounts %},
        cast(null as decimal(38, 24)) as {{ amount }}
    {%- endfor %}
    from (
        select
        {%- for model in attribution_models() %}
            sum({{ model }}_credit) as {{ model }}_credit,
        {%- endfor %}
            {{ keys | join(', ') }}
        from other_stages
        group by {{ keys | join(', ') }}
    ) as summed
    inner join offered on summed.locale = offered.locale
    union all
    select
        summed.{{ keys | join(', summed.') }},
        offered.model,
        {{ value_of_model('credit') }} as credit
    {%- for amount in amounts %},
        {{ value_of_model(amount) }} as {{ amount }}
    {%- endfor %}
    from (
        select
        {%- for model in attribution_models() %}
            sum(sales.{{ model }}_credit) as {{ model }}_credit,
            {%- for amount in amounts %}
            sum(cast(deals.{{ amount }} as decimal(25, 12)) * sales.{{ model }}_credit) as {{ model }}_{{ amount }},
            {%- endfor %}
        {%- endfor %}
            sales.{{ keys | join(', sales.') }}
        from sales
        inner join deals on sales.stage_entry_id = deals.stage_entry_id
        group by sales.{{ keys | join(', sales.') }}
    ) as summed
    inner join offered on summed.locale = offered.locale
{%- endmacro %}

{% macro value_of_model(value) -%}
    case offered.model
        {%- for model in attribution_models() %}
            when '{{ model }}' then summed.{{ model }}_{{ value }}
        {%- endfor %}
    end
{%- endmacro %}
