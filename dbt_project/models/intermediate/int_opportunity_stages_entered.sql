-- When each opportunity became an SQL and when it was won. The booking date of a sale is its CloseDate, a plain date.
with

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

stages as (
    select * from {{ ref('int_opportunity_stages_mapped') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

-- The first history row at sql or later; a deal may also have been won without passing through sql.
from_history as (
    select
        opportunity_id,
        min(case when stage in ('sql', 'sale') then occurred_at end) as sql_at,
        min(case when stage = 'sale' then occurred_at end) as sale_at,
        max(case when stage in ('sql', 'sale') then 1 else 0 end) = 1 as is_sql_or_sale,
        max(case when stage = 'sale' then 1 else 0 end) = 1 as is_sale,
        max(case when is_history_missing then 1 else 0 end) = 1 as is_history_missing
    from stages
    group by opportunity_id
),

-- Without history: an SQL from its creation if it was converted or has come that far; won at CloseDate's midnight.
dated as (
    select
        opportunities.*,
        coalesce(locales.time_zone, 'UTC') as time_zone,
        case
            when not from_history.is_history_missing then from_history.sql_at
            when opportunities.is_from_conversion or from_history.is_sql_or_sale then opportunities.created_at
        end as sql_at,
        case
            when not from_history.is_history_missing then from_history.sale_at
            when from_history.is_sale
                then greatest(
                    opportunities.created_at,
                    {{ instant_of_local('opportunities.close_date', "coalesce(locales.time_zone, 'UTC')") }}
                )
        end as sale_at
    from opportunities
    inner join from_history on opportunities.opportunity_id = from_history.opportunity_id
    left join locales on opportunities.locale = locales.locale
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
