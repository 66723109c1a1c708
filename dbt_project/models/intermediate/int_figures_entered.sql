-- Who is behind a figure of the CRM that moved: whether prospects came or went that were united with others, or others,
-- and whether anything landed of these since the published build.
with

moved as (
    select * from {{ ref('int_figures_moved') }}
    where stage is not null
),

entries as {{ not_kept() }} (
    select * from {{ ref('mart_stage_entries') }}
),

earlier_entries as {{ not_kept() }} (
    select * from {{ source('published', 'stage_entries') }}
),

records as {{ not_kept() }} (
    select * from {{ ref('int_records_resolved') }}
),

inputs as (
    select * from {{ source('published', 'build_inputs') }}
    where input = 'crm_rows'
),

counted as (
    {%- set columns = 'locale, business_line, entered_date, stage, prospect_id' %}
    select {{ columns }}, 1 as entries
    from entries
    union all
    select {{ columns }}, -1 as entries
    from earlier_entries
),

present as (
    select
        moved.locale,
        moved.business_line,
        moved.date,
        moved.measure,
        counted.prospect_id,
        sum(counted.entries) <> 0 as has_moved
    from moved
    inner join counted
        on moved.locale = counted.locale
        and moved.business_line = counted.business_line
        and moved.date = counted.entered_date
        and moved.stage = counted.stage
    group by moved.locale, moved.business_line, moved.date, moved.measure, counted.prospect_id
),

moved_prospects as (
    select prospect_id from present
    where has_moved
),

-- A prospect was published under the id of a record that is another prospect's now.
unions as (
    select
        records.record_id,
        records.prospect_id
    from records
    where
        records.record_id <> records.prospect_id
        and (
            records.record_id in (select moved_prospects.prospect_id from moved_prospects)
            or records.prospect_id in (select moved_prospects.prospect_id from moved_prospects)
        )
        and records.record_id in (select earlier_entries.prospect_id from earlier_entries)
),

united as (
    select record_id as prospect_id from unions
    union
    select prospect_id from unions
),

landed as (
    select distinct landed.record_id
    from ({{ landed_crm_records() }}) as landed
    inner join inputs on landed.load_seq > cast(inputs.content_hash as bigint)
),

-- A prospect that is gone is known by its record's own id.
heard_of as (
    select records.prospect_id
    from landed
    inner join records on landed.record_id = records.record_id
    union
    select deals.prospect_id
    from landed
    inner join {{ ref('int_opportunities_assigned') }} as deals on landed.record_id = deals.opportunity_id
    union
    select record_id as prospect_id from landed
),

final as (
    select
        present.locale,
        present.business_line,
        present.date,
        present.measure,
        max(case when present.has_moved then 1 else 0 end) = 1 as has_moved,
        max(case when present.has_moved and united.prospect_id is not null then 1 else 0 end) = 1 as has_united,
        max(case when present.has_moved and united.prospect_id is null then 1 else 0 end) = 1 as has_others,
        max(
            case
                when present.has_moved and united.prospect_id is null and heard_of.prospect_id is not null then 1 else 0
            end
        ) = 1 as has_others_landed,
        max(case when heard_of.prospect_id is not null then 1 else 0 end) = 1 as has_landed
    from present
    left join united on present.prospect_id = united.prospect_id
    left join heard_of on present.prospect_id = heard_of.prospect_id
    group by present.locale, present.business_line, present.date, present.measure
)

select * from final
