-- What this build's figures are made from, hash by hash. The next build compares its own with these, and so knows why
-- a figure is another one.
with

build_hashes as (
    select * from {{ source('config', 'build_hashes') }}
),

windows as (
    select * from {{ source('landing', 'windows') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

deals as (
    select * from {{ ref('fct_deals') }}
),

web_windows as (
    select
        windows.scope,
        windows.content_hash,
        cast(windows.window_start as date) as first_date,
        cast({{ dbt.dateadd('day', -1, 'cast(windows.window_end as date)') }} as date) as last_date
    from windows
    inner join locales on windows.scope = locales.locale
    where windows.source = 'ga4' and windows.stream = 'sessions'
),

web_days as (
    select
        scope,
        {{ each_day('first_date', 'last_date') }} as date,
        content_hash
    from web_windows
),

-- The rates that were used: a booked currency's into the locale's and into euro, on a booking date.
rates as (
    select distinct
        currency || '>' || local_currency as scope,
        close_date as date,
        concat_ws('|', fx_rate, fx_rate_eur, fx_rate_eur_constant) as content_hash
    from deals
),

-- How far the CRMs' changes had landed: later rows have a greater number.
landed as (
    select max(load_seq) as load_seq
    from ({{ landed_crm_records() }}) as records
),

final as (
    select
        input,
        scope,
        '' as part,
        content_hash
    from build_hashes

    union all

    select
        'web_day' as input,
        scope,
        cast(date as varchar) as part,
        content_hash
    from web_days

    union all

    select
        'exchange_rate' as input,
        scope,
        cast(date as varchar) as part,
        content_hash
    from rates

    union all

    select
        'crm_rows' as input,
        '' as scope,
        '' as part,
        cast(coalesce(load_seq, 0) as varchar) as content_hash
    from landed
)

select * from final
