-- The daily figures that are watched, a row a day with something in it: a count or an amount, and of shares what they
-- are a share of. For as long as it takes to judge 120 days; what has a season is compared with last year's, too.

with

locales as (
    select
        *,
        cast({{ dbt.dateadd('day', -620, 'as_of_date') }} as date) as first_date,
        cast({{ dbt.dateadd('day', -220, 'as_of_date') }} as date) as first_date_of_shares
    from {{ ref('mart_locales') }}
    where as_of_date is not null
),

agreements as (
    select * from {{ source('config', 'hand_overs') }}
),

measures as (
    select * from {{ ref('int_measures_daily') }}
),

key_events as (
    select
        _scope as locale,
        date,
        event_name,
        key_events
    from {{ source('landing', 'ga4__key_events') }}
),

ads as (
    select * from {{ ref('fct_ads') }}
),

handovers as (
    select
        handovers.*,
        {{ local_date('handovers.first_activity_at', 'locales.time_zone') }} as first_activity_date,
        {{ plus_hours('handovers.handed_over_at', 'agreements.response_hours') }} as due_at,
        least(handovers.first_activity_at, handovers.accepted_at, handovers.rejected_at) <= due_at as is_in_time
    from {{ ref('fct_handovers') }} as handovers
    inner join locales
        on handovers.locale = locales.locale
        and handovers.handed_over_date between locales.go_live_date and locales.as_of_date
    inner join agreements on handovers.locale = agreements.locale
    where
        greatest(
            handovers.first_activity_at, {{ plus_hours('handovers.handed_over_at', 'agreements.response_hours') }}
        ) >= {{ dbt.dateadd('day', -1, 'locales.first_date') }}
),

days as (
    {{ days_begun('locales', 'first_date', 'as_of_date') }}
),

due as (
    select
        handovers.locale,
        days.date,
        case when handovers.is_in_time then 0 else 1 end as late
    from handovers
    asof join days on handovers.locale = days.locale and handovers.due_at >= days.begins_at
),

-- A lead belongs to the campaign that was the last to touch it.
bought as (
    select distinct
        credits.stage_entry_id,
        credits.locale,
        credits.campaign,
        credits.entered_date,
        {{ local_date('entries.exited_at', 'locales.time_zone') }} as exited_date
    from {{ ref('fct_touch_credits') }} as credits
    inner join {{ ref('fct_stage_entries') }} as entries on credits.stage_entry_id = entries.stage_entry_id
    inner join locales
        on credits.locale = locales.locale
        and credits.entered_date >= locales.first_date_of_shares
    where
        credits.stage = 'first_identifier'
        and credits.last_touch_credit > 0
        and credits.campaign not like '(%)'
        and credits.campaign <> 'unattributed'
),

figures as (
    {%- for kind, kpi, subject, relation, date, figure, base in watched_figures() %}
        select
            '{{ kind }}' as signal_kind,
            locale,
            '{{ kpi }}' as kpi,
            {{ subject }} as subject,
            {{ date }},
            {{ figure }} as figure,
            {{ base }} as figure_base
        from {{ relation }}
        {{- "\n\n    union all\n" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        figures.signal_kind,
        figures.locale,
        figures.kpi,
        figures.subject,
        figures.date,
        cast(sum(figures.figure) as double) as figure,
        cast(sum(figures.figure_base) as double) as figure_base
    from figures
    inner join locales
        on figures.locale = locales.locale
        and figures.date between locales.first_date and locales.as_of_date
    where figures.figure <> 0 or figures.figure_base <> 0
    group by figures.signal_kind, figures.locale, figures.kpi, figures.subject, figures.date
)

select * from final
