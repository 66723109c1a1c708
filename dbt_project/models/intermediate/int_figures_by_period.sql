-- The figures KPIs are made of, for every row of int_measures_by_period, as lists in the order of `kpi_measures()`:
-- in euro; and the money among them, in the order of `kpi_amounts()`, in the locale's currency, at budget rates, and
-- at the budget rates of the fiscal year after. Money is rounded here, once, after summing. Kept by period
-- (int_periods_measured), but for what Markov's fit credits.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_periods() }}",
        post_hook="{{ credit_by_markov() }}"
    )
}}

with

to_make as (
    {{ periods_to_make() }}
),

summed as (
    select measures.*
    from {{ ref('int_measures_by_period') }} as measures
    inner join to_make on {{ same('measures', 'to_make', ['span', 'period_type', 'period_start', 'locale']) }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

locale_currencies as (
    select * from {{ source('config', 'locale_currencies') }}
),

users as (
    select * from {{ ref('stg_ga4__users') }}
),

budgeted_years as (
    select distinct fiscal_year
    from {{ source('config', 'budget_rates') }}
),

-- The roll-up property counts visitors of countries that were not live, too: its users can be set against sessions only
-- from when all of them were, and of periods that are over for all.
scopes as (
    select
        locale,
        go_live_date
    from locales

    union all

    select
        'total' as locale,
        max(go_live_date) as go_live_date
    from locales
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

final as (
    select
        summed.span,
        summed.period_type,
        summed.period_start,
        summed.period_end,
        summed.previous_period_start,
        summed.previous_year_start,
        summed.previous_year_start >= scopes.go_live_date as is_previous_year_whole,
        summed.locale,
        summed.business_line,
        {%- set figures = [] %}
        {%- for figure in kpi_measures().values() %}
            {%- do figures.append('cast(' ~ figure ~ ' as decimal(38, 6))') %}
        {%- endfor %}
        {{ figure_list(figures) }} as figures,
        {%- set figures_local, figures_constant, figures_next = [], [], [] %}
        {%- for amount in kpi_amounts() %}
            {%- set local = 'summed.' ~ amount ~ '_local' %}
            {%- set local = expected_amount('local') if amount == 'expected_amount' else local %}
            {%- set constant = 'summed.' ~ amount ~ '_eur_constant' %}
            {%- set constant = expected_amount('eur_constant') if amount == 'expected_amount' else constant %}
            {%- set next = constant ~ '_next' if amount in ('sales_amount', 'spend') else 'null' %}
            {%- do figures_local.append(round_to_minor_units(local, 'currencies.minor_units')) %}
            {%- do figures_constant.append(round_to_minor_units(constant, '2')) %}
            {%- set next = 'case when budgeted_years.fiscal_year is not null then ' ~ next ~ ' end' %}
            {%- do figures_next.append('cast(round(' ~ next ~ ', 2) as decimal(38, 4))') %}
        {%- endfor %}
        locale_currencies.currency,
        case when locale_currencies.currency is not null then {{ figure_list(figures_local) }} end as figures_local,
        {{ figure_list(figures_constant) }} as figures_eur_constant,
        {{ figure_list(figures_next) }} as figures_eur_constant_next,
        summed.made_of_hash
    from summed
    cross join {{ source('config', 'build') }} as build
    left join budgeted_years
        on budgeted_years.fiscal_year
        = year({{ fiscal_year_start(
            "case summed.span when 'previous_year' then summed.previous_year_start else summed.period_start end",
            'build.fiscal_year_start_month'
        ) }}) + 1
    left join scopes on summed.locale = scopes.locale
    -- Days of before and after a change of currency have no sum.
    left join locale_currencies
        on summed.locale = locale_currencies.locale
        and summed.first_date >= locale_currencies.valid_from
        and summed.last_date < locale_currencies.valid_to
    left join {{ source('config', 'currencies') }} as currencies on locale_currencies.currency = currencies.currency
    left join reaches on summed.locale = reaches.locale
    left join users
        on case when summed.span = 'own' and summed.business_line = 'all' then summed.locale end = users.locale
        and summed.period_type = users.period_type
        and summed.period_start = users.period_start
        and scopes.go_live_date <= users.period_start
        and summed.period_end <= reaches.as_of_date
)

select * from final
