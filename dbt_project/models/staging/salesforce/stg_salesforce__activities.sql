-- Tasks and events are one thing to us: what sales did, and when. Read once, by the fact that keeps what came of it.
{{ config(materialized='view') }}

{#- An activity is with the person it names, and where it names none with the one whose deal it is about. -#}
{%- set parent = qualified_id('coalesce(who_id, what_id)') %}

{%- set at_work = {} %}
{%- for activities in ['tasks', 'events'] %}
    {%- do at_work.update({activities:
        'select ' ~ qualified_id('noted.id') ~ ' from ' ~ activities ~ ' as noted'
        ~ ' where ' ~ parent ~ ' in (select those.record_id from changed as those)'
    }) %}
{%- endfor %}

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
    {{ newest_versions('tasks', of='id', among=at_work.tasks) }}
),

newest_events as (
    {{ newest_versions('events', of='id', among=at_work.events) }}
),

-- A task is done when it was completed; an org that does not say when (the field is younger than some orgs) at least
-- says when it was last changed. One that is still open has not happened. A meeting happens when it begins, which may
-- be after the as-of instant: whoever counts leaves those out.
happened as (
    select
        {{ qualified_id('id') }} as activity_id,
        {{ parent }} as parent_id,
        coalesce(completed_date_time, last_modified_date) as happened_at
    from newest_tasks
    where not is_deleted and is_closed

    union all

    select
        {{ qualified_id('id') }} as activity_id,
        {{ parent }} as parent_id,
        start_date_time as happened_at
    from newest_events
    where not is_deleted
),

final as (
    select
        happened.activity_id,
        changed.prospect_id,
        happened.happened_at
    from happened
    inner join changed on happened.parent_id = changed.record_id
)

select * from final
