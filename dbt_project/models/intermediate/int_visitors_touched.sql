-- Visitors with a visit on a day whose rows are new, different or gone: as the day is now, and as it was.
with

held_visits as {{ not_kept() }} (
    select * from {{ source('held', 'visits') }}
),

landed_days as (
    select * from {{ ref('int_visit_days_landed') }}
),

sessions as (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

held_days as (
    select distinct
        locale,
        visit_date,
        source_hash
    from held_visits
),

changed_days as (
    select
        coalesce(landed_days.locale, held_days.locale) as locale,
        coalesce(landed_days.visit_date, held_days.visit_date) as visit_date
    from landed_days
    full join held_days
        on landed_days.locale = held_days.locale
        and landed_days.visit_date = held_days.visit_date
    where landed_days.source_hash is distinct from held_days.source_hash
),

final as (
    select sessions.visitor_key
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.visit_date = changed_days.visit_date

    union

    select held_visits.visitor_key
    from held_visits
    inner join changed_days
        on held_visits.locale = changed_days.locale
        and held_visits.visit_date = changed_days.visit_date
)

select * from final
