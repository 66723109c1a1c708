-- The funnel by locale, business line and day, money rounded once. Only rows with something in them; add them up.
with

measures as (
    select * from {{ ref('int_measures_daily') }}
),

locale_currencies as (
    select * from {{ source('config', 'locale_currencies') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

final as (
    select
        measures.locale,
        measures.business_line,
        measures.date,
        measures.sessions,
        measures.first_identifiers,
        measures.second_identifiers,
        measures.mqls,
        measures.sqls,
        measures.sales,
        {{ round_to_minor_units('measures.sales_amount_local', 'currencies.minor_units') }} as amount_local,
        locale_currencies.currency,
        {{ round_to_minor_units('measures.sales_amount_eur', '2') }} as amount_eur,
        {{ round_to_minor_units('measures.sales_amount_eur_constant', '2') }} as amount_eur_constant
    from measures
    inner join locale_currencies
        on measures.locale = locale_currencies.locale
        and measures.date >= locale_currencies.valid_from
        and measures.date < locale_currencies.valid_to
    left join currencies on locale_currencies.currency = currencies.currency
    where
        measures.sessions + measures.first_identifiers + measures.second_identifiers
        + measures.mqls + measures.sqls + measures.sales > 0
)

select * from final
