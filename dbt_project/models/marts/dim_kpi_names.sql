-- What every KPI is called in every language of the catalogue; in English where it has no name of its own.
with

names as (
    select * from {{ source('config', 'kpi_names') }}
),

final as (
    select
        kpi,
        language,
        name
    from names
)

select * from final
