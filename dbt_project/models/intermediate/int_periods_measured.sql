-- Every period and span (int_periods_lived) of each locale and of the total, with a hash of all that its figures are
-- made of, but for what Markov's fit credits. Measures and figures of a period stay as long as its hash does.
{%- set key = ['span', 'period_type', 'period_start'] %}

with

spans as (
    select * from {{ ref('int_periods_lived') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

users as (
    select * from {{ ref('stg_ga4__users') }}
),

budget_rates as (
    select * from {{ source('config', 'budget_rates') }}
),

measures as (
    select
        locale,
        business_line,
        date,
    {%- for name in measures_kept() %}
        {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from {{ ref('int_measures_daily') }}
),

days as (
    select
        locale,
        date,
        {{ sum_of_hashes('measures') }} as measures_hash
    from measures
    group by locale, date
),

summed as (
    select
        span_days.span,
        span_days.period_type,
        span_days.period_start,
        span_days.locale,
        sum(days.measures_hash) as measures_hash
    from ({{ days_of('spans') }}) as span_days
    inner join days
        on span_days.locale = days.locale
        and span_days.date = days.date
    group by span_days.span, span_days.period_type, span_days.period_start, span_days.locale
),

lived as (
    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.period_end,
        spans.previous_period_start,
        spans.previous_year_start,
        spans.locale,
        spans.first_date,
        spans.last_date,
        locales.go_live_date,
        summed.measures_hash
    from spans
    inner join locales on spans.locale = locales.locale
    left join summed on {{ same('spans', 'summed', key + ['locale']) }}
),

-- What has changed for a locale has changed for the total.
combined as (
    select
        span,
        period_type,
        period_start,
        coalesce(locale, 'total') as locale,
        max(period_end) as period_end,
        {{ sum_of_hashes('lived') }} as measures_hash
    from lived
    group by span, period_type, period_start, cube(locale)
),

budgets as (
    select {{ sum_of_hashes('budget_rates') }} as rates_hash
    from budget_rates
),

known as (
    select
        combined.*,
        budgets.rates_hash,
        users.total_users,
        users.new_users
    from combined
    cross join budgets
    left join {{ ref('int_reaches') }} as reaches on combined.locale = reaches.locale
    left join users
        on {{ same('combined', 'users', ['period_type', 'period_start', 'locale']) }}
        and combined.period_end <= reaches.as_of_date
),

final as (
    select
        span,
        period_type,
        period_start,
        locale,
        {{ hash_of_row('known') }} as made_of_hash
    from known
)

select * from final
