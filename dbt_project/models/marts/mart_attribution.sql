-- Credit by month, stage, model, channel and campaign. Sums over channels equal the stage entries and their money
-- exactly, which is why, alone among the marts, its money is not rounded.
with

attribution as (
    select * from {{ ref('fct_attribution') }}
),

money as (
    select * from {{ ref('int_deals_credited') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

counted as (
    select
        attribution.*,
        cast({{ dbt.date_trunc('month', 'attribution.entered_date') }} as date) as month
    from attribution
    inner join locales
        on attribution.locale = locales.locale
        and attribution.entered_date between locales.go_live_date and locales.as_of_date
),

summed as (
    select
        locale,
        business_line,
        month,
        stage,
        channel,
        campaign,
    {% for model in attribution_models() -%}
        sum({{ model }}_credit) as {{ model }}_credit
        {{- "," if not loop.last }}
    {% endfor %}
    from counted
    group by locale, business_line, month, stage, channel, campaign
),

-- A row a model; one pass over the sums, which a union of ten selects would make ten times.
credits as (
    select
        summed.locale,
        summed.business_line,
        summed.month,
        summed.stage,
        models.model,
        summed.channel,
        summed.campaign,
        case models.model
            {%- for model in attribution_models() %}
                when '{{ model }}' then summed.{{ model }}_credit
            {%- endfor %}
        end as credit
    from summed
    cross join {{ attribution_model_names() }}
),

amounts as (
    select
        counted.locale,
        counted.business_line,
        counted.month,
        counted.stage,
        money.model,
        money.channel,
        money.campaign,
        sum(money.amount_local) as amount_local,
        sum(money.amount_eur) as amount_eur,
        sum(money.amount_eur_constant) as amount_eur_constant
    from money
    inner join counted
        on money.stage_entry_id = counted.stage_entry_id
        and money.touch_number = counted.touch_number
    group by
        counted.locale,
        counted.business_line,
        counted.month,
        counted.stage,
        money.model,
        money.channel,
        money.campaign
),

final as (
    select
        credits.locale,
        credits.business_line,
        credits.month,
        credits.stage,
        credits.model,
        credits.channel,
        credits.campaign,
        cast(credits.credit as decimal(38, 12)) as credit,
        cast(amounts.amount_local as decimal(38, 12)) as amount_local,
        cast(amounts.amount_eur as decimal(38, 12)) as amount_eur,
        cast(amounts.amount_eur_constant as decimal(38, 12)) as amount_eur_constant
    from credits
    left join amounts
        on credits.locale = amounts.locale
        and credits.business_line = amounts.business_line
        and credits.month = amounts.month
        and credits.stage = amounts.stage
        and credits.model = amounts.model
        and credits.channel = amounts.channel
        and credits.campaign = amounts.campaign
    where credits.credit <> 0
)

select * from final
