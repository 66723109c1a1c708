-- Credit by month, stage, model, channel, campaign and content, by the models each locale offers. Sums equal the stage
-- entries and their money exactly, which is why, alone among the marts, its money is not rounded.
{% set amounts = ['amount_local', 'amount_eur', 'amount_eur_constant'] %}

with

attribution as (
    select
        credits.*,
        cast({{ dbt.date_trunc('month', 'credits.entered_date') }} as date) as month
    from {{ ref('fct_attribution') }} as credits
    inner join {{ ref('mart_locales') }} as locales
        on credits.locale = locales.locale
        and credits.entered_date between locales.go_live_date and locales.as_of_date
),

deals as (
    select
        stage_entry_id,
        {%- for amount in amounts %}
            cast({{ amount }} as decimal(25, 12)) as {{ amount }}
            {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fct_deals') }}
),

offered as (
    select * from {{ source('config', 'attribution_models') }}
),

-- Money is shared exactly by multiplying: a credit and an amount have 12 decimals each, their product has 24.
summed as (
    select
    {% for model in attribution_models() -%}
        sum({{ model }}_credit) as {{ model }}_credit,
        {% for amount in amounts -%}
            cast(null as decimal(38, 24)) as {{ model }}_{{ amount }},
        {% endfor %}
    {%- endfor %}
        locale,
        business_line,
        month,
        stage,
        channel,
        campaign,
        content
    from attribution
    where stage <> 'sale'
    group by locale, business_line, month, stage, channel, campaign, content

    union all

    select
    {% for model in attribution_models() -%}
        sum(attribution.{{ model }}_credit) as {{ model }}_credit,
        {% for amount in amounts -%}
            sum(deals.{{ amount }} * attribution.{{ model }}_credit) as {{ model }}_{{ amount }},
        {% endfor %}
    {%- endfor %}
        attribution.locale,
        attribution.business_line,
        attribution.month,
        attribution.stage,
        attribution.channel,
        attribution.campaign,
        attribution.content
    from attribution
    inner join deals on attribution.stage_entry_id = deals.stage_entry_id
    where attribution.stage = 'sale'
    group by
        attribution.locale,
        attribution.business_line,
        attribution.month,
        attribution.stage,
        attribution.channel,
        attribution.campaign,
        attribution.content
),

-- A row a model; one pass over the sums, which a union of ten selects would make ten times.
final as (
    select
        summed.locale,
        summed.business_line,
        summed.month,
        summed.stage,
        offered.model,
        summed.channel,
        summed.campaign,
        summed.content,
    {%- for value in ['credit'] + amounts %}
        case offered.model
            {%- for model in attribution_models() %}
                when '{{ model }}' then summed.{{ model }}_{{ value }}
            {%- endfor %}
        end as {{ value }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from summed
    inner join offered on summed.locale = offered.locale
)

select * from final
where credit <> 0
