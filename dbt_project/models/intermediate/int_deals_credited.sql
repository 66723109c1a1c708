-- The money of every deal, shared over its touches by each model. Parts sum to the deal's money exactly: they have 12
-- decimals, and the oldest touch takes what rounding leaves.
with

attribution as (
    select * from {{ ref('fct_attribution') }}
    where stage = 'sale'
),

deals as (
    select * from {{ ref('fct_deals') }}
),

credited as (
    select
        attribution.stage_entry_id,
        attribution.touch_number,
        attribution.channel,
        attribution.campaign,
        models.model,
        case models.model
            {%- for model in attribution_models() %}
                when '{{ model }}' then attribution.{{ model }}_credit
            {%- endfor %}
        end as credit
    from attribution
    cross join {{ attribution_model_names() }}
),

parts as (
    select
        credited.*,
        deals.amount_local as whole_local,
        deals.amount_eur as whole_eur,
        deals.amount_eur_constant as whole_eur_constant,
        cast(deals.amount_local * credited.credit as decimal(38, 12)) as part_local,
        cast(deals.amount_eur * credited.credit as decimal(38, 12)) as part_eur,
        cast(deals.amount_eur_constant * credited.credit as decimal(38, 12)) as part_eur_constant
    from credited
    inner join deals on credited.stage_entry_id = deals.stage_entry_id
),

final as (
    select
        stage_entry_id,
        touch_number,
        channel,
        campaign,
        model,
        credit,
    {% for amount in ['local', 'eur', 'eur_constant'] -%}
        case
            when touch_number = 1
                then whole_{{ amount }} - sum(part_{{ amount }}) over entry + part_{{ amount }}
            else part_{{ amount }}
        end as amount_{{ amount }}
        {{- "," if not loop.last }}
    {% endfor %}
    from parts
    window entry as (partition by stage_entry_id, model)
)

select * from final
