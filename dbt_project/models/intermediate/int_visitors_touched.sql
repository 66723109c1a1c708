-- Visitors with a visit on a day whose rows are new, different or gone: as the day is now, and as it was.
with

held_visits as {{ not_kept() }} (
    select * from {{ source('held', 'visits') }}
),

sessions as (
    select * from {{ ref('stg_ga4__touchpoints') }}
),

changed_days as (
    select * from {{ ref('int_web_days_changed') }}
    where fact = 'int_visits' and has_changed
),

final as (
    select sessions.visitor_key
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.visit_date = changed_days.date

    union

    select held_visits.visitor_key
    from held_visits
    inner join changed_days
        on held_visits.locale = changed_days.locale
        and held_visits.visit_date = changed_days.date
)

select * from final
