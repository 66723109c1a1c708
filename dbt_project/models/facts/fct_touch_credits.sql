-- Credit of every stage entry, shared over its prospect's touches in the lookback window, by the models that look at
-- one path alone: a column each. Credits of an entry sum exactly to 1: the oldest touch takes what rounding leaves.
-- Without a touch the whole credit is `unattributed`. Kept from build to build by prospect, with the numbers that
-- Markov's credit of all months is joined and summed by in every build (macros/numbers).
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospect_numbers() }}"
    )
}}

with

weights as (
    select * from {{ ref('int_touch_weights') }}
),

touched as (
    select * from {{ ref('int_stage_entries_touched') }}
    where touch_number = 1
),

untouched as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
    left join touched on entries.stage_entry_id = touched.stage_entry_id
    where touched.stage_entry_id is null
),

credited as (
    select
        stage_entry_id,
        prospect_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        touch_number,
        touch_count,
        days_before,
        channel_before,
        channel,
        campaign,
        content,
        channel_touch_number,
        channel_touch_count,
        channel_set,
        path_key,
    {%- for model in attribution_models_of_a_path() %}
        cast(
            {{ model }}_weight + case touch_number when 1 then 1 - sum({{ model }}_weight) over entry else 0 end
            as decimal(13, 12)
        ) as {{ model }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from weights
    window entry as (partition by stage_entry_id)

    union all

    select
        stage_entry_id,
        prospect_id,
        locale,
        business_line,
        stage,
        entered_date,
        null as touchpoint_id,
        1 as touch_number,
        0 as touch_count,
        null as days_before,
        null as channel_before,
        'unattributed' as channel,
        'unattributed' as campaign,
        'unattributed' as content,
        1 as channel_touch_number,
        1 as channel_touch_count,
        0 as channel_set,
        0 as path_key,
    {% for model in attribution_models_of_a_path() -%}
        cast(1 as decimal(13, 12)) as {{ model }}_credit
        {{- "," if not loop.last }}
    {% endfor %}
    from untouched
),

final as (
    select
        *,
        {{ share_key() }} as share_key,
        {{ credit_key(['channel', 'campaign']) }} as campaign_key,
        {{ credit_key(['content']) }} as content_key
    from credited
)

select
    *,
    {{ number_of_values(['prospect_id']) }} as prospect_number,
    {{ hash_of_row('final') }} as row_hash
from final
{{ in_order_of('entered_date') }}
