-- Every KPI of head office's catalogue for every period: numerator, denominator and value. Money is rounded here,
-- once; a rate is the quotient of sums and NULL where there is nothing to divide by.
{{ config(materialized='view') }}

with

measures as (
    select * from {{ ref('int_measures_by_period') }}
),

kpis as (
    select * from {{ source('config', 'kpis') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

rounded as (
    select
        measures.period_type,
        measures.period_start,
        measures.period_end,
        measures.locale,
        measures.business_line,
        {%- for measure in measures() if measure != 'sales_amount' %}
            cast(measures.{{ measure }} as decimal(38, 4)) as {{ measure }},
        {%- endfor %}
        {{ round_to_minor_units('measures.amount_eur', '2') }} as sales_amount,
        {{ round_to_minor_units('measures.amount_local', 'currencies.minor_units') }} as amount_local,
        {{ round_to_minor_units('measures.amount_eur', '2') }} as amount_eur,
        {{ round_to_minor_units('measures.amount_eur_constant', '2') }} as amount_eur_constant
    from measures
    left join locales on measures.locale = locales.locale
    left join currencies on locales.currency = currencies.currency
),

divided as (
    select
        rounded.*,
        kpis.kpi,
        kpis.unit,
        case coalesce(kpis.numerator, kpis.kpi)
            {%- for measure in measures() %}
                when '{{ measure }}' then rounded.{{ measure }}
            {%- endfor %}
        end as numerator,
        case kpis.denominator
            {%- for measure in measures() %}
                when '{{ measure }}' then rounded.{{ measure }}
            {%- endfor %}
        end as denominator
    from rounded
    cross join kpis
),

final as (
    select
        period_type,
        period_start,
        period_end,
        locale,
        business_line,
        kpi,
        cast(numerator as decimal(38, 10)) as numerator,
        cast(denominator as decimal(38, 10)) as denominator,
        case
            when unit = 'rate' then cast(numerator / nullif(denominator, 0) as decimal(38, 10))
            else cast(numerator as decimal(38, 10))
        end as value,
        case when unit = 'money' then amount_local end as amount_local,
        case when unit = 'money' then amount_eur end as amount_eur,
        case when unit = 'money' then amount_eur_constant end as amount_eur_constant
    from divided
)

select * from final
