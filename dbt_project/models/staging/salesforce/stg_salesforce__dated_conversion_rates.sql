-- The rates an org converts its own money at, and the days each serves, the last excluded. Salesforce states them in
-- units per unit of the org's corporate currency, one is free to choose; here they are per euro. Only orgs with
-- advanced currency management have any.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'salesforce__dated_conversion_rate') }}
),

newest as (
    {{ newest_versions('source') }}
),

-- Salesforce works out the end of a rate from the start of the next, which may have come without a version of this one.
dated as (
    select
        _connection as connection,
        iso_code as currency,
        start_date as valid_from,
        coalesce(
            lead(start_date) over (partition by _connection, iso_code order by start_date),
            next_start_date,
            cast('9999-12-31' as date)
        ) as valid_to,
        conversion_rate as units_per_corporate,
        {{ exact_inverse('conversion_rate') }} as corporate_per_unit
    from newest
    where conversion_rate > 0
),

final as (
    select
        rates.connection,
        rates.currency,
        greatest(rates.valid_from, euro.valid_from) as valid_from,
        least(rates.valid_to, euro.valid_to) as valid_to,
        cast(rates.units_per_corporate * euro.corporate_per_unit as decimal(24, 10)) as units_per_eur,
        cast(rates.corporate_per_unit * euro.units_per_corporate as decimal(20, 18)) as eur_per_unit
    from dated as rates
    inner join dated as euro
        on rates.connection = euro.connection
        and rates.valid_from < euro.valid_to
        and rates.valid_to > euro.valid_from
    where euro.currency = 'EUR'
)

select * from final
