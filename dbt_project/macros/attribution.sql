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
    Credit and money by locale, business line, month, stage, model and `dimensions`, of the models a locale offers. The
    mart is kept by month: what looks at one path alone is counted of the months to be made, Markov's of all. Money is
    shared exactly by multiplying: a credit and an amount have 12 decimals each, their product has 24. A row a model is
    made after summing; only sales have money, so the other stages are spared asking for it.
#}
{% macro credited_by(dimensions) -%}
    {%- set keys = ['locale', 'business_line', 'month', 'stage'] + dimensions -%}
    {{ credit_of('fct_touch_credits', attribution_models_of_a_path(), keys, false) }}
    union all
    {{ credit_of('fct_touch_credits', attribution_models_of_a_path(), keys, true) }}
    union all
    {{ credit_of('fct_attribution', ['markov'], keys, false) }}
    union all
    {{ credit_of('fct_attribution', ['markov'], keys, true) }}
{%- endmacro %}

{% macro credit_of(fact, models, keys, sales) -%}
    {%- set amounts = ['amount_local', 'amount_eur', 'amount_eur_constant'] -%}
    {%- set month = month_of('credits.entered_date') -%}
    select
        summed.{{ keys | join(', summed.') }},
        offered.model,
        {{ value_of_model('credit', models) }} as credit
    {%- for amount in amounts %},
        {{ value_of_model(amount, models) if sales else 'cast(null as decimal(38, 24))' }} as {{ amount }}
    {%- endfor %}
    from (
        select
        {%- for model in models %}
            sum(credits.{{ model }}_credit) as {{ model }}_credit,
            {%- for amount in amounts if sales %}
            sum(cast(deals.{{ amount }} as decimal(25, 12)) * credits.{{ model }}_credit) as {{ model }}_{{ amount }},
            {%- endfor %}
        {%- endfor %}
        {%- for key in keys %}
            {{ month if key == 'month' else 'credits.' ~ key }} as {{ key }}
            {{- "," if not loop.last }}
        {%- endfor %}
        from {{ ref(fact) }} as credits
        inner join {{ ref('mart_locales') }} as locales
            on credits.locale = locales.locale
            and credits.entered_date between locales.go_live_date and locales.as_of_date
        {{ 'inner join ' ~ ref('fct_deals') ~ ' as deals on credits.stage_entry_id = deals.stage_entry_id' if sales }}
        {{ changed_months('credits', month) if models != ['markov'] }}
        where credits.stage {{ '=' if sales else '<>' }} 'sale'
        group by all
    ) as summed
    inner join {{ source('config', 'attribution_models') }} as offered on summed.locale = offered.locale
    where offered.model in ('{{ models | join("', '") }}')
{%- endmacro %}

{% macro value_of_model(value, models) -%}
    case offered.model
        {%- for model in models %}
            when '{{ model }}' then summed.{{ model }}_{{ value }}
        {%- endfor %}
    end
{%- endmacro %}
