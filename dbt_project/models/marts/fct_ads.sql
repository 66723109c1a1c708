-- What advertisements cost, by day and campaign: exact and unrounded, as billed, in the locale's currency, in euro, and
-- in euro at the budget rate of the fiscal year. A missing rate leaves NULL and fails the build.
with

ads as (
    select * from {{ ref('stg_ga4__ads') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_dated') }}
),

budget_rates as (
    select * from {{ source('config', 'budget_rates') }}
),

-- GA4's cost report has no channel: traffic of the same source, medium and campaign would have this one.
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
        ads.date,
        locales.currency,
        year({{ fiscal_year_start('ads.date', 'build.fiscal_year_start_month') }}) as fiscal_year
    from ads
    inner join locales on ads.locale = locales.locale
    cross join build
),

rated_days as (
    select
        billed_days.date,
        billed_days.currency,
        rates.eur_per_unit as fx_rate_eur,
        budget_rates.inverse_rate as fx_rate_eur_constant,
        case when rates.eur_per_unit is not null then coalesce(rates.rate_date, billed_days.date) end as fx_rate_date
    from billed_days
    left join rates
        on billed_days.currency = rates.currency
        and billed_days.date >= rates.valid_from
        and billed_days.date < rates.valid_to
    left join budget_rates
        on billed_days.currency = budget_rates.currency
        and billed_days.fiscal_year = budget_rates.fiscal_year
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
        origins_read.channel,
        origins_read.is_coded,
        ads.source_served,
        ads.medium_served,
        ads.campaign_served,
        ads.impressions,
        ads.clicks,
        locales.currency,
        locales.currency as local_currency,
        ads.amount,
        cast(ads.amount as decimal(38, 12)) as amount_local,
        cast(ads.amount * rated_days.fx_rate_eur as decimal(38, 12)) as amount_eur,
        cast(ads.amount * rated_days.fx_rate_eur_constant as decimal(38, 12)) as amount_eur_constant,
        cast(1 as decimal(20, 12)) as fx_rate,
        rated_days.fx_rate_eur,
        rated_days.fx_rate_eur_constant,
        rated_days.fx_rate_date,
        'ecb' as fx_source
    from ads
    inner join locales on ads.locale = locales.locale
    left join rated_days on ads.date = rated_days.date and locales.currency = rated_days.currency
    inner join origins_read
        on {{ same('ads', 'origins_read', ['locale', 'source_served', 'medium_served', 'campaign_served']) }}
    left join business_lines on origins_read.code_business_line = business_lines.campaign_code
)

select * from final
