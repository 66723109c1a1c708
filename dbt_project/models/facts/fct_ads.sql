-- What advertisements cost, by day and campaign: exact and unrounded, as billed, in the locale's currency, in euro, and
-- in euro at the budget rates of the fiscal year and of the next. A missing rate leaves NULL and fails the build.
with

ads as (
    select * from {{ ref('stg_ga4__ads') }}
),

locale_currencies as (
    select * from {{ source('config', 'locale_currencies') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

-- GA4's cost report has no channel: that of most sessions of the same source, medium and campaign, else what the rules
-- say of them.
visited as (
    {{ channels_visited() }}
),

origins as (
    select distinct
        locale,
        source_served,
        medium_served,
        campaign_served,
        '(not set)' as ga4_channel
    from ads
),

origins_read as (
    {{ origins_read('origins') }}
),

-- A property reports in its locale's currency (other answers are refused). Days meet rates, then spend meets days.
billed_days as (
    select distinct
        ads.locale,
        ads.date,
        locale_currencies.currency,
        locale_currencies.currency as local_currency,
        year({{ fiscal_year_start('ads.date', 'build.fiscal_year_start_month') }}) as fiscal_year
    from ads
    inner join locale_currencies
        on ads.locale = locale_currencies.locale
        and ads.date >= locale_currencies.valid_from
        and ads.date < locale_currencies.valid_to
    cross join build
),

rated_days as (
    select
        billed_days.*,
        {{ fx_columns('billed_days', 'date') }}
    from billed_days
    cross join build
    {{ join_rates('billed_days', 'date') }}
),

final as (
    select
        ads.locale,
        -- Advertisements have no page: what they are for is known from the campaign's code alone.
        coalesce(business_lines.business_line, 'unmapped') as business_line,
        ads.date,
        origins_read.traffic_source,
        origins_read.traffic_medium,
        origins_read.campaign,
        origins_read.campaign_code,
        coalesce(visited.channel, origins_read.channel) as channel,
        origins_read.is_coded,
        ads.source_served,
        ads.medium_served,
        ads.campaign_served,
        ads.impressions,
        ads.clicks,
        rated_days.currency,
        rated_days.local_currency,
        ads.amount,
        {%- for suffix, rate in conversions().items() %}
            ads.amount * rated_days.{{ rate }} as amount{{ suffix }},
        {%- endfor %}
        rated_days.fx_rate,
        rated_days.fx_rate_eur,
        rated_days.fx_rate_eur_constant,
        rated_days.fx_rate_eur_constant_next,
        rated_days.fx_rate_date,
        rated_days.fx_source
    from ads
    inner join rated_days on ads.locale = rated_days.locale and ads.date = rated_days.date
    inner join origins_read
        on {{ same('ads', 'origins_read', ['locale', 'source_served', 'medium_served', 'campaign_served']) }}
    left join visited
        on {{ same('origins_read', 'visited', ['locale', 'traffic_source', 'traffic_medium', 'campaign']) }}
    left join business_lines on origins_read.code_business_line = business_lines.campaign_code
)

select * from final
