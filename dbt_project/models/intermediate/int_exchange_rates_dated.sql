-- ECB reference rates with the days each one serves: its own, and those without a newer one, at most 7 days on.
-- The euro itself needs no publication.
{{ config(materialized='view') }}

with

rates as (
    select * from {{ ref('stg_ecb__rates') }}
),

published as (
    select
        currency,
        rate_date,
        rate_date as valid_from,
        least(
            coalesce(
                lead(rate_date) over (partition by currency order by rate_date),
                cast('9999-12-31' as date)
            ),
            cast({{ dbt.dateadd('day', 8, 'rate_date') }} as date)
        ) as valid_to,
        units_per_eur,
        eur_per_unit
    from rates
),

final as (
    select * from published

    union all

    select
        'EUR' as currency,
        cast(null as date) as rate_date,
        cast('0001-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        1 as units_per_eur,
        1 as eur_per_unit
)

select * from final
