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


{#
    What Markov's model credits a touch with: a part of its channel's share that is rounded, but for the first touch of
    the channel, which takes what rounding leaves. Most touches are the only one of their channel, and dividing takes its
    time.
#}
{% macro markov_credit(touches, shares) -%}
    {%- set part = 'cast(' ~ shares ~ '.channel_share / ' ~ touches ~ '.channel_touch_count as decimal(13, 12))' -%}
    case
        when {{ touches }}.channel_touch_count = 1 then {{ shares }}.channel_share
        when {{ touches }}.channel_touch_number = 1
            then cast(
                {{ shares }}.channel_share - ({{ touches }}.channel_touch_count - 1) * {{ part }} as decimal(13, 12)
            )
        else {{ part }}
    end
{%- endmacro %}


{# What there is of `dimensions` with credit in each market, business line, month and stage, and the number that stands
    for it, of the months to be made. #}
{% macro dimensions_credited(facts, dimensions, key) -%}
    select distinct
        credits.{{ key }},
        credits.locale,
        credits.business_line,
        {{ month_of('credits.entered_date') }} as month,
        credits.stage,
        credits.{{ dimensions | join(', credits.') }}
    from {{ ref('fct_touch_credits') }} as credits
    {{ counted_days('credits', 'entered_date', facts) }}
{%- endmacro %}


{# A row for each of `models` that the locale offers, of rows that have a column `<model>_<value>` for each. #}
{% macro by_offered_model(relation, columns, models) -%}
    select
        summed.{{ columns | join(', summed.') }},
        offered.model
    {%- for value in ['credit'] + amounts_credited() %},
        case offered.model
            {%- for model in models %}
            when '{{ model }}' then summed.{{ model }}_{{ value }}
            {%- endfor %}
        end as {{ value }}
    {%- endfor %}
    from {{ relation }} as summed
    inner join {{ source('config', 'attribution_models') }} as offered on summed.locale = offered.locale
    where offered.model in ('{{ models | join("', '") }}')
{%- endmacro %}

{% macro amounts_credited() -%}
    {{ return(['amount_local', 'amount_eur', 'amount_eur_constant']) }}
{%- endmacro %}

{#
    Credit and money of a fact by `keys`, a column a model: of the months in which `facts` have changed, or, of a fact
    that says of each row whether marts count it, of all. Money is shared exactly by multiplying: a credit and an amount
    have 12 decimals each, their product has 24. Only sales have money, so the other stages are spared asking for it.
#}
{% macro credit_of(fact, models, keys, facts=none) -%}
    {%- set month = month_of('credits.entered_date') -%}
    {%- for is_sale in [false, true] %}
    select
        {%- for model in models %}
            sum(credits.{{ model }}_credit) as {{ model }}_credit,
            {%- for amount in amounts_credited() %}
            {{ 'sum(cast(deals.' ~ amount ~ ' as decimal(25, 12)) * credits.' ~ model ~ '_credit)' if is_sale
                else 'cast(null as decimal(38, 24))' }} as {{ model }}_{{ amount }},
            {%- endfor %}
        {%- endfor %}
        {%- for key in keys %}
            {{ month if key == 'month' else 'credits.' ~ key }} as {{ key }}
            {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref(fact) }} as credits
    {{ counted_days('credits', 'entered_date', facts) if facts }}
    {{ 'inner join ' ~ ref('fct_deals') ~ ' as deals on credits.stage_entry_id = deals.stage_entry_id' if is_sale }}
    where credits.stage {{ '=' if is_sale else '<>' }} 'sale' {{ 'and credits.is_counted' if not facts }}
    group by {% for key in keys %}{{ month if key == 'month' else 'credits.' ~ key }}{{ ", " if not loop.last }}{% endfor %}
    {{ 'union all' if not is_sale }}
    {%- endfor %}
{%- endmacro %}
