-- Credit of every stage entry, shared over its prospect's touches in the lookback window, by three models. Weights
-- and money of an entry sum exactly to 1 and to the deal's: shares have 12 decimals, the oldest touch takes what
-- rounding leaves. Without a touch the whole credit is `unattributed`.
with

stage_entries as (
    select * from {{ ref('fct_stage_entries') }}
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

deals as (
    select * from {{ ref('fct_deals') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

entries as (
    select
        stage_entries.*,
        {{ plus_days_of_24_hours('stage_entries.entered_at', '-build.attribution_lookback_days') }} as lookback_from
    from stage_entries
    cross join build
),

-- An entry without a touch keeps one row, without a touchpoint.
touched as (
    select
        entries.*,
        touchpoints.touchpoint_id,
        touchpoints.touched_at,
        touchpoints.channel,
        touchpoints.campaign,
        min(touchpoints.touched_at) over (partition by entries.stage_entry_id) as first_touched_at,
        max(touchpoints.touched_at) over (partition by entries.stage_entry_id) as last_touched_at
    from entries
    left join touchpoints
        on entries.prospect_id = touchpoints.prospect_id
        and touchpoints.touched_at between entries.lookback_from and entries.entered_at
),

credited as (
    select
        touched.*,
        'first_touch' as model
    from touched
    where touched.touched_at = touched.first_touched_at or touched.touchpoint_id is null

    union all

    select
        touched.*,
        'last_touch' as model
    from touched
    where touched.touched_at = touched.last_touched_at or touched.touchpoint_id is null

    union all

    select
        touched.*,
        'linear' as model
    from touched
),

-- Touches at the same instant share equally.
counted as (
    select
        *,
        count(*) over (partition by stage_entry_id, model) as touch_count,
        row_number() over (partition by stage_entry_id, model order by touched_at, touchpoint_id) as touch_number
    from credited
),

shared as (
    select
        counted.*,
        cast(1.0 / counted.touch_count as decimal(13, 12)) as share,
        deals.amount_local,
        deals.amount_eur,
        deals.amount_eur_constant
    from counted
    left join deals on counted.stage_entry_id = deals.stage_entry_id
),

final as (
    select
        stage_entry_id,
        model,
        touchpoint_id,
        locale,
        business_line,
        stage,
        entered_date,
        case when touchpoint_id is null then 'unattributed' else channel end as channel,
        case when touchpoint_id is null then 'unattributed' else campaign end as campaign,
        {{ share_of('1') }} as credit,
        {{ share_of('amount_local') }} as amount_local,
        {{ share_of('amount_eur') }} as amount_eur,
        {{ share_of('amount_eur_constant') }} as amount_eur_constant
    from shared
)

select * from final
