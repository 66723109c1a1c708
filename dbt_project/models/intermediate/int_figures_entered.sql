-- Who is behind a figure of the CRM that moved: whether prospects came or went that were united with others, or others,
-- and whether anything landed of these since the published build.
with

moved as (
    select * from {{ ref('int_figures_moved') }}
    where stage is not null
),

entries as (
    select * from {{ ref('mart_stage_entries') }}
),

earlier_entries as (
    select * from {{ source('published', 'mart_stage_entries') }}
),

records as (
    select * from {{ ref('int_records_changed') }}
),

earlier_inputs as (
    select * from {{ source('published', 'mart_build_inputs') }}
    where input = 'crm_rows'
),

-- A prospect that was published under the id of a record that is another prospect's now.
unions as (
    select
        records.record_id as earlier_id,
        records.prospect_id
    from records
    where
        records.record_id <> records.prospect_id
        and records.record_id in (select earlier_entries.prospect_id from earlier_entries)
),

united as (
    select earlier_id as prospect_id from unions
    union
    select prospect_id from unions
),

landed as (
    select distinct landed.record_id
    from ({{ landed_crm_records() }}) as landed
    inner join earlier_inputs on landed.load_seq > cast(earlier_inputs.content_hash as bigint)
),

-- A prospect that is gone is known by its record's own id.
heard_of as (
    select records.prospect_id
    from landed
    inner join records on landed.record_id = records.record_id
    union
    select record_id as prospect_id from landed
),

placed as (
    select
        moved.*,
        earlier_entries.prospect_id,
        -1 as entries
    from moved
    inner join earlier_entries
        on moved.locale = earlier_entries.locale
        and moved.business_line = earlier_entries.business_line
        and moved.date = earlier_entries.entered_date
        and moved.stage = earlier_entries.stage

    union all

    select
        moved.*,
        entries.prospect_id,
        1 as entries
    from moved
    inner join entries
        on moved.locale = entries.locale
        and moved.business_line = entries.business_line
        and moved.date = entries.entered_date
        and moved.stage = entries.stage
),

present as (
    select
        locale,
        business_line,
        date,
        measure,
        prospect_id,
        sum(entries) <> 0 as has_moved
    from placed
    group by locale, business_line, date, measure, prospect_id
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
