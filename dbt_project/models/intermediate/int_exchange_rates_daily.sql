-- What a unit of every currency is worth on every day since the first market was live, by the one source head office
-- has chosen. A day without a row has no rate: the last one published is too old, or the currency was never quoted.
with

build as (
    select
        *,
        cast({{ dbt.dateadd('day', 1, 'cast(as_of_at as date)') }} as date) as last_date,
        (select min(locales.go_live_date) from {{ source('config', 'locales') }} as locales) as first_date
    from {{ source('config', 'build') }}
),

reference_rates as (
    select * from {{ ref('stg_ecb__rates') }}
),

crm_rates as (
    select * from {{ ref('stg_salesforce__dated_conversion_rates') }}
),

budget_rates as (
    select * from {{ source('config', 'budget_rates') }}
),

-- Of currencies that were given up, from their last day on; the euro's is always 1.
fixed_rates as (
    select * from {{ source('config', 'fixed_rates') }}
),

-- The bank's serve until the next one, and for at most 7 days after their own.
published as (
    select
        reference_rates.*,
        cast({{ dbt.dateadd('day', 8, 'reference_rates.rate_date') }} as date) as too_old_from,
        lead(reference_rates.rate_date) over (
            partition by reference_rates.currency
            order by reference_rates.rate_date
        ) as next_rate_date
    from reference_rates
    inner join build on reference_rates.rate_date >= {{ dbt.dateadd('day', -7, 'build.first_date') }}
),

quoted as (
    select
        'ecb' as fx_source,
        currency,
        rate_date,
        rate_date as valid_from,
        least(too_old_from, coalesce(next_rate_date, too_old_from)) as valid_to,
        cast(units_per_eur as decimal(24, 10)) as units_per_eur,
        eur_per_unit
    from published

    union all

    select
        'crm' as fx_source,
        crm_rates.currency,
        crm_rates.valid_from as rate_date,
        crm_rates.valid_from,
        crm_rates.valid_to,
        crm_rates.units_per_eur,
        crm_rates.eur_per_unit
    from crm_rates
    inner join build on crm_rates.connection = build.fx_connection

    union all

    select
        'budget' as fx_source,
        currency,
        valid_from as rate_date,
        valid_from,
        valid_to,
        cast(rate as decimal(24, 10)) as units_per_eur,
        inverse_rate as eur_per_unit
    from budget_rates
),

-- Where the law has fixed a rate, what others go on quoting is of no account.
in_force as (
    select
        quoted.currency,
        quoted.rate_date,
        quoted.valid_from,
        least(quoted.valid_to, coalesce(fixed_rates.valid_from, quoted.valid_to)) as valid_to,
        quoted.units_per_eur,
        quoted.eur_per_unit
    from quoted
    inner join build on quoted.fx_source = build.fx_policy
    left join fixed_rates on quoted.currency = fixed_rates.currency

    union all

    select
        currency,
        cast(null as date) as rate_date,
        valid_from,
        cast('9999-12-31' as date) as valid_to,
        cast(rate as decimal(24, 10)) as units_per_eur,
        inverse_rate as eur_per_unit
    from fixed_rates
),

final as (
    select
        in_force.currency,
        {{ each_day('greatest(in_force.valid_from, build.first_date)',
            'least(' ~ dbt.dateadd('day', -1, 'in_force.valid_to') ~ ', build.last_date)') }} as date,
        in_force.rate_date,
        in_force.units_per_eur,
        in_force.eur_per_unit
    from in_force
    cross join build
    where in_force.valid_from < in_force.valid_to
)

select * from final
