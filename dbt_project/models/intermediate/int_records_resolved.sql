-- Identity: records linked by conversion, merge or equal e-mail key, directly or through others, are one prospect,
-- named after its oldest record. Kept from build to build; only records that may have another prospect are looked at.
-- Connected components: every record takes the oldest label among its own, its neighbours' and its label's, until none
-- moves. Labels leap, so a chain of a thousand merges takes ten-odd rounds (Zhang et al., 2020, "FastSV").
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('record_id', ref('int_records_touched'), ref('int_records_united')) }}"
    )
}}

with recursive

records as (
    select * from {{ ref('int_records_united') }}
),

neighbours as (
    select * from {{ ref('int_record_links') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

labels as (
    select distinct
        node,
        node as label,
        0 as round
    from neighbours

    union all

    select
        node,
        label,
        round
    from (
        select
            node,
            min(label) as label,
            max(round) + 1 as round,
            bool_or(min(label) < max(own_label)) over () as is_moving
        from (
            select
                node,
                label,
                label as own_label,
                round
            from labels
            union all
            select
                neighbours.node,
                theirs.label,
                null as own_label,
                null as round
            from neighbours
            inner join labels as theirs on neighbours.neighbour = theirs.node
            union all
            select
                near.label as node,
                far.label,
                null as own_label,
                null as round
            from neighbours
            inner join labels as near on neighbours.node = near.node
            inner join labels as far on neighbours.neighbour = far.node
            union all
            select
                lower.node,
                upper.label,
                null as own_label,
                null as round
            from labels as lower
            inner join labels as upper on lower.label = upper.node
        ) as proposals
        group by node
    ) as moved
    where is_moving
),

settled as (
    select
        node,
        label
    from labels
    where round = (select max(rounds.round) from labels as rounds)
),

final as (
    select
        records.record_id,
        records.record_type,
        coalesce(oldest.record_id, records.record_id) as prospect_id,
        records.master_record_id,
        records.converted_contact_id,
        records.converted_opportunity_id,
        records.status,
        records.mql_at,
        records.owner_id,
        records.email_key,
        records.visitor_key,
        records.locale,
        records.business_line,
        records.created_at,
        {{ local_date('records.created_at', 'locales.time_zone') }} as created_date
    from records
    left join settled on records.node = settled.node
    left join records as oldest on settled.label = oldest.node
    left join locales on records.locale = locales.locale
)

select * from final
