-- When each opportunity became an SQL and when it was won. The booking date of a sale is its CloseDate, a plain date.
with

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

stages as (
    select * from {{ ref('int_opportunity_stages_mapped') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

localized as (
    select
        opportunities.*,
        coalesce(locales.time_zone, 'UTC') as time_zone
    from opportunities
    left join locales on opportunities.locale = locales.locale
),

-- The first history row at sql or later; a deal may also have been won without passing through sql.
reached as (
    select
        opportunity_id,
        min(case when stage in ('sql', 'sale') then occurred_at end) as sql_at,
        min(case when stage = 'sale' then occurred_at end) as sale_at,
        max(case when is_history_missing then 1 else 0 end) = 1 as is_history_missing
    from stages
    group by opportunity_id
),

-- Without history: an SQL from its creation if it was converted or has come that far; won at CloseDate's midnight.
dated as (
    select
        localized.*,
        case
            when not reached.is_history_missing then reached.sql_at
            when localized.is_from_conversion or reached.sql_at is not null then localized.created_at
        end as sql_at,
        case
            when not reached.is_history_missing or reached.sale_at is null then reached.sale_at
            else greatest(localized.created_at, {{ instant_of_local('localized.close_date', 'localized.time_zone') }})
        end as sale_at
    from localized
    inner join reached on localized.opportunity_id = reached.opportunity_id
),

final as (
    select
        opportunity_id,
        prospect_id,
        'sql' as stage,
        locale,
        business_line,
        sql_at as entered_at,
        {{ local_date('sql_at', 'time_zone') }} as entered_date
    from dated
    where sql_at is not null

    union all

    select
        opportunity_id,
        prospect_id,
        'sale' as stage,
        locale,
        business_line,
        sale_at as entered_at,
        close_date as entered_date
    from dated
    where sale_at is not null
)

select * from final
