-- The paths that most often came before a stage, by fiscal year: the channels of an entry's touches, oldest first. The
-- rest are one row, and so are the entries without a touch, so the rows sum to the stage entries and their money. Kept
-- by fiscal year.
{%- set facts = ['fct_touch_credits', 'fct_deals'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_years(" ~ facts ~ ") }}"
    )
}}
{% set most = 50 %}

with

days as (
    select
        locale,
        {{ each_day('go_live_date', 'as_of_date') }} as date
    from {{ ref('mart_locales') }}
),

-- Days are few: a year is worked out of each of them, not of each entry.
days_to_make as (
    select *
    from (
        select
            days.*,
            {{ fiscal_year_start('days.date', 'build.fiscal_year_start_month') }} as period_start
        from days
        cross join {{ source('config', 'build') }} as build
    ) as all_days
    where {{ is_of_changed_year(facts, 'locale', 'period_start') }}
),

-- The oldest touch stands for the whole path.
entries as (
    select
        credits.stage_entry_id,
        credits.locale,
        credits.stage,
        credits.path_key,
        days.period_start
    from {{ ref('fct_touch_credits') }} as credits
    inner join days_to_make as days
        on credits.locale = days.locale
        and credits.entered_date = days.date
    where credits.touch_number = 1
),

counted as (
    select
        entries.locale,
        entries.stage,
        entries.period_start,
        entries.path_key,
        min(entries.stage_entry_id) as stage_entry_id,
        count(*) as stage_entries,
    {%- for amount in amounts_credited() %}
        sum(deals.{{ amount }}) as {{ amount }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from entries
    left join {{ ref('fct_deals') }} as deals on entries.stage_entry_id = deals.stage_entry_id
    group by entries.locale, entries.stage, entries.period_start, entries.path_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by locale, stage, period_start
            order by case when path_key = 0 then 1 else 0 end, stage_entries desc, path_key asc
        ) as path_rank
    from counted
),

-- Only these paths are spelt out, each by one entry that came by it.
spelt as (
    select
        touches.stage_entry_id,
        {{ dbt.listagg('touches.channel', "' > '", 'order by touches.touch_number') }} as path,
        count(*) as touch_count
    from {{ ref('fct_touch_credits') }} as touches
    inner join ranked on touches.stage_entry_id = ranked.stage_entry_id
    where ranked.path_rank <= {{ most }} and ranked.path_key <> 0
    group by touches.stage_entry_id
),

named as (
    select
        ranked.*,
        spelt.touch_count,
        case when ranked.path_key = 0 then '(none)' else coalesce(spelt.path, '(other)') end as path
    from ranked
    left join spelt on ranked.stage_entry_id = spelt.stage_entry_id
),

final as (
    select
        named.locale,
        named.stage,
        named.period_start,
        named.path,
        min(case when named.touch_count is not null then named.path_rank end) as path_rank,
        min(named.touch_count) as touch_count,
        cast(sum(named.stage_entries) as bigint) as stage_entries,
        {{ round_to_minor_units('sum(named.amount_local)', 'currencies.minor_units') }} as amount_local,
        {{ round_to_minor_units('sum(named.amount_eur)', '2') }} as amount_eur,
        {{ round_to_minor_units('sum(named.amount_eur_constant)', '2') }} as amount_eur_constant
    from named
    -- A year with two currencies has no sum in either.
    left join {{ source('config', 'locale_currencies') }} as locale_currencies
        on named.locale = locale_currencies.locale
        and named.period_start >= locale_currencies.valid_from
        and {{ dbt.dateadd('month', 12, 'named.period_start') }} <= locale_currencies.valid_to
    left join {{ source('config', 'currencies') }} as currencies on locale_currencies.currency = currencies.currency
    group by named.locale, named.stage, named.period_start, named.path, currencies.minor_units
)

select * from final
