-- Credit of every stage entry, shared over its prospect's touches in the lookback window: a column for each model.
-- Credits of an entry sum exactly to 1. Without a touch the whole credit is `unattributed`.
with

weights as (
    select * from {{ ref('int_touch_weights') }}
),

touched as (
    select * from {{ ref('int_stage_entries_touched') }}
),

shares as (
    select
        *,
    {% for model in attribution_models() -%}
        {{ model }}_weight / sum({{ model }}_weight) over (partition by stage_entry_id) as {{ model }}_share
        {{- "," if not loop.last }}
    {% endfor %}
    from weights
),

final as (
    select
        stage_entry_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        touch_number,
        channel,
        campaign,
    {% for model in attribution_models() -%}
        cast({{ credit_of(model ~ '_share') }} as decimal(13, 12)) as {{ model }}_credit
        {{- "," if not loop.last }}
    {% endfor %}
    from shares

    union all

    select
        stage_entry_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        touch_number,
        'unattributed' as channel,
        'unattributed' as campaign,
    {% for model in attribution_models() -%}
        cast(1 as decimal(13, 12)) as {{ model }}_credit
        {{- "," if not loop.last }}
    {% endfor %}
    from touched
    where touchpoint_id is null
)

select * from final
