-- The weight of every touch beside the others of its stage entry, by each model of docs/semantics (Attribution).
-- Touches at the same instant share what their places in the path would have. Weights need not sum to 1 yet.
with

touched as (
    select * from {{ ref('int_stage_entries_touched') }}
    where touchpoint_id is not null
),

effects as (
    select * from {{ ref('int_channel_effects') }}
),

-- The three or four moments that count most hold a part each; a touch can hold several, those of an instant share.
anchored as (
    select
        touched.*,
        effects.removal_effect,
        cast(touched.is_first as integer) / sum(cast(touched.is_first as integer)) over entry as first_part,
        cast(touched.is_last as integer) / sum(cast(touched.is_last as integer)) over entry as last_part,
        cast(touched.is_last_non_direct as integer) / sum(cast(touched.is_last_non_direct as integer)) over entry
            as marketing_part,
        coalesce(
            cast(touched.is_lead_creation as integer)
            / nullif(sum(cast(touched.is_lead_creation as integer)) over entry, 0),
            0
        ) as lead_part,
        coalesce(
            cast(touched.is_deal_creation as integer)
            / nullif(sum(cast(touched.is_deal_creation as integer)) over entry, 0),
            0
        ) as deal_part,
        case
            when touched.stage = 'sale'
                then cast(touched.is_last as integer) / sum(cast(touched.is_last as integer)) over entry
            else 0
        end as close_part
    from touched
    left join effects
        on touched.locale = effects.locale
        and touched.stage = effects.stage
        and touched.channel = effects.channel
    window entry as (partition by touched.stage_entry_id)
),

-- What remains is shared by the touches that hold no part.
placed as (
    select
        *,
        case
            when touch_count <= 2 then 1.0
            when touch_number in (1, touch_count) then 0.4
            else 0.2 / (touch_count - 2)
        end as place_weight,
        cast(first_part + lead_part + deal_part = 0 as integer) as is_w_rest,
        cast(first_part + lead_part + deal_part + close_part = 0 as integer) as is_path_rest
    from anchored
),

final as (
    select
        stage_entry_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        channel,
        campaign,
        touch_number,
        first_part as first_touch_weight,
        last_part as last_touch_weight,
        marketing_part as last_non_direct_weight,
        1.0 as linear_weight,
        avg(place_weight) over (partition by stage_entry_id, touched_at) as position_based_weight,
        power(2.0, -days_before / 7.0) as time_decay_weight,
        0.3 * (first_part + lead_part + deal_part)
        + coalesce(0.1 * is_w_rest / nullif(sum(is_w_rest) over entry, 0), 0) as w_shaped_weight,
        0.225 * (first_part + lead_part + deal_part + close_part)
        + coalesce(0.1 * is_path_rest / nullif(sum(is_path_rest) over entry, 0), 0) as full_path_weight,
        removal_effect / channel_touch_count as markov_weight,
        1.0 / channel_touch_count as shapley_weight
    from placed
    window entry as (partition by stage_entry_id)
)

select * from final
