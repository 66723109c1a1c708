-- When each opportunity became an SQL and when it was won. The booking date of a sale is its CloseDate, a plain date.
with

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

stages as (
    select * from {{ ref('int_opportunity_stages_mapped') }}
),

stage_dates as (
    select * from {{ source('config', 'crm_stage_dates') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

-- `noted_at` is what the field says in which the locale notes the moment, if it has one.
localized as (
    select
        opportunities.*,
        coalesce(locales.time_zone, 'UTC') as time_zone,
        case when stage_dates.stage is not null then opportunities.sql_at end as noted_at
    from opportunities
    left join locales on opportunities.locale = locales.locale
    left join stage_dates
        on opportunities.locale = stage_dates.locale
        and stage_dates.stage = 'sql'
),

-- The first time at sql or later; a deal may also have been won without passing through sql. What it was when we first
-- saw it, without any history, it has been since nobody knows when.
reached as (
    select
        opportunity_id,
        min(case when stage in ('sql', 'sale') then occurred_at end) as accepted_at,
        min(case when stage = 'sale' then occurred_at end) as sold_at,
        max(case when is_history_missing then 1 else 0 end) = 1 as is_history_missing,
        max(case when stage in ('sql', 'sale') and history_source = 'none' then 1 else 0 end) = 1 as was_accepted,
        max(case when stage = 'sale' and history_source = 'none' then 1 else 0 end) = 1 as was_sold
    from stages
    group by opportunity_id
),

-- Without history: an SQL from its creation if it was converted or had come that far; won at CloseDate's midnight.
dated as (
    select
        localized.opportunity_id,
        localized.prospect_id,
        localized.locale,
        localized.business_line,
        localized.close_date,
        localized.time_zone,
        case
            when localized.noted_at is not null then localized.noted_at
            when reached.is_history_missing and localized.is_from_conversion then localized.created_at
            else reached.accepted_at
        end as accepted_at,
        case
            when localized.noted_at is not null then 'datetime_field'
            when not reached.is_history_missing then 'history'
            when localized.is_from_conversion or reached.was_accepted then 'none'
            else 'observed'
        end as accepted_source,
        case
            when not reached.was_sold then reached.sold_at
            else greatest(localized.created_at, {{ instant_of_local('localized.close_date', 'localized.time_zone') }})
        end as sold_at,
        case
            when not reached.is_history_missing then 'history'
            when reached.was_sold then 'none'
            else 'observed'
        end as sold_source
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
        accepted_at as entered_at,
        {{ local_date('accepted_at', 'time_zone') }} as entered_date,
        accepted_source as history_source
    from dated
    where accepted_at is not null

    union all

    select
        opportunity_id,
        prospect_id,
        'sale' as stage,
        locale,
        business_line,
        sold_at as entered_at,
        close_date as entered_date,
        sold_source as history_source
    from dated
    where sold_at is not null
)

select * from final
