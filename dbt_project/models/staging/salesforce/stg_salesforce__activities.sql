-- Tasks and events are one thing to us: what sales did, and when. Read once, by the fact that keeps what came of it.
{{ config(materialized='view') }}

with

tasks as (
    select * from {{ source('landing', 'salesforce__task') }}
),

events as (
    select * from {{ source('landing', 'salesforce__event') }}
),

changed as (
    select * from {{ ref('int_records_changed') }}
),

newest_tasks as (
    {{ newest_versions('tasks') }}
),

newest_events as (
    {{ newest_versions('events') }}
),

-- A task is done when it was completed; an org that does not say when (the field is younger than some orgs) at least
-- says when it was last changed. One that is still open has not happened.
done as (
    select
        {{ qualified_id('id') }} as activity_id,
        {{ qualified_id('who_id') }} as person_id,
        {{ qualified_id('what_id') }} as subject_id,
        coalesce(completed_date_time, last_modified_date) as happened_at
    from newest_tasks
    where not is_deleted and is_closed
),

-- A meeting happens when it begins, which may be after the as-of instant: whoever counts leaves those out.
met as (
    select
        {{ qualified_id('id') }} as activity_id,
        {{ qualified_id('who_id') }} as person_id,
        {{ qualified_id('what_id') }} as subject_id,
        start_date_time as happened_at
    from newest_events
    where not is_deleted
),

activities as (
    select * from done
    union all
    select * from met
),

-- An activity is with the person it names, else with the one whose deal it is about.
final as (
    select
        activities.activity_id,
        coalesce(people.prospect_id, subjects.prospect_id) as prospect_id,
        activities.happened_at
    from activities
    left join changed as people on activities.person_id = people.record_id
    left join changed as subjects on activities.subject_id = subjects.record_id
    where people.record_id is not null or subjects.record_id is not null
)

select * from final
