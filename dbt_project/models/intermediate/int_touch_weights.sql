-- The part of a stage entry's credit that each of its touches gets, by each model of docs/semantics (Attribution) that
-- looks at one path alone, to 12 decimals. Touches at the same instant share what their places in the path would have.
{{ config(materialized='view') }}

with

touched as (
    select * from {{ ref('int_stage_entries_touched') }}
),

-- Three or four moments of the path hold most; who is at none of them is one of the rest.
marked as (
    select
        *,
        cast(is_first as integer) as is_at_first,
        cast(is_last as integer) as is_at_last,
        cast(is_last_non_direct as integer) as is_at_marketing,
        cast(is_lead_creation as integer) as is_at_lead,
        cast(is_deal_creation as integer) as is_at_deal,
        cast(is_last and stage = 'sale' as integer) as is_at_close,
        cast(not (is_first or is_lead_creation or is_deal_creation) as integer) as is_w_rest,
        cast(not (is_first or is_lead_creation or is_deal_creation or (is_last and stage = 'sale')) as integer)
            as is_path_rest,
        cast(channel_touch_number = 1 as integer) as is_new_channel
    from touched
),

counted as (
    select
        *,
        sum(is_at_first) over entry as first_count,
        sum(is_at_last) over entry as last_count,
        sum(is_at_marketing) over entry as marketing_count,
        nullif(sum(is_at_lead) over entry, 0) as lead_count,
        nullif(sum(is_at_deal) over entry, 0) as deal_count,
        nullif(sum(is_at_close) over entry, 0) as close_count,
        nullif(sum(is_w_rest) over entry, 0) as w_rest_count,
        nullif(sum(is_path_rest) over entry, 0) as path_rest_count,
        sum(is_new_channel) over entry as channel_count,
        sum(recency) over entry as recency_total,
        sum(is_new_channel * {{ number_of('channel') }}) over entry as channel_set,
        sum({{ number_of("channel || '@' || touch_number") }}) over entry as path_key
    from marked
    window entry as (partition by stage_entry_id)
),

-- A moment that nobody was at gives its part back to the others in proportion.
parted as (
    select
        *,
        is_at_first / first_count as first_part,
        coalesce(is_at_lead / lead_count, 0) as lead_part,
        coalesce(is_at_deal / deal_count, 0) as deal_part,
        coalesce(is_at_close / close_count, 0) as close_part,
        coalesce(is_w_rest / w_rest_count, 0) as w_rest_part,
        coalesce(is_path_rest / path_rest_count, 0) as path_rest_part,
        case
            when touch_count <= 2 or first_count = touch_count then 1.0 / touch_count
            when is_first then (0.4 + (first_count - 1) * 0.2 / (touch_count - 2)) / first_count
            when is_last then (0.4 + (last_count - 1) * 0.2 / (touch_count - 2)) / last_count
            else 0.2 / (touch_count - 2)
        end as place_part,
        1 + least(coalesce(lead_count, 0), 1) + least(coalesce(deal_count, 0), 1) as w_moments,
        1 + least(coalesce(lead_count, 0), 1) + least(coalesce(deal_count, 0), 1) + least(coalesce(close_count, 0), 1)
            as path_moments
    from counted
),

final as (
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
        cast(channel_set as bigint) as channel_set,
        cast(path_key as bigint) as path_key,
        cast(first_part as decimal(13, 12)) as first_touch_weight,
        cast(is_at_last / last_count as decimal(13, 12)) as last_touch_weight,
        cast(is_at_marketing / marketing_count as decimal(13, 12)) as last_non_direct_weight,
        cast(1.0 / touch_count as decimal(13, 12)) as linear_weight,
        cast(place_part as decimal(13, 12)) as position_based_weight,
        cast(recency / recency_total as decimal(13, 12)) as time_decay_weight,
        cast(
            (0.3 * (first_part + lead_part + deal_part) + 0.1 * w_rest_part)
            / (0.3 * w_moments + 0.1 * least(coalesce(w_rest_count, 0), 1)) as decimal(13, 12)
        ) as w_shaped_weight,
        cast(
            (0.225 * (first_part + lead_part + deal_part + close_part) + 0.1 * path_rest_part)
            / (0.225 * path_moments + 0.1 * least(coalesce(path_rest_count, 0), 1)) as decimal(13, 12)
        ) as full_path_weight,
        cast(1.0 / (channel_count * channel_touch_count) as decimal(13, 12)) as shapley_weight
    from parted
)

select * from final
