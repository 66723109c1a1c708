-- Every record that is not its prospect's name, so that an id that was published once is found again under the one it
-- has now. Why: it was merged, converted, or has the same e-mail; since when: as far back as we have seen it so.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

resolved as {{ not_kept() }} (
    select * from {{ ref('int_records_resolved') }}
),

-- Most prospects are one record, which is its own name.
several as (
    select distinct resolved.prospect_id
    from resolved
    inner join {{ ref('int_prospects_changed') }} as changed on resolved.prospect_id = changed.prospect_id
    where resolved.record_id <> resolved.prospect_id
),

records as (
    select resolved.*
    from resolved
    inner join several on resolved.prospect_id = several.prospect_id
),

versions as (
    select
        {{ qualified_id('id') }} as record_id,
        {{ qualified_id('master_record_id') }} as master_record_id,
        {{ qualified_id('converted_contact_id') }} as converted_contact_id,
        email_key,
        system_modstamp
    from {{ source('landing', 'salesforce__lead') }}

    union all

    select
        {{ qualified_id('id') }} as record_id,
        {{ qualified_id('master_record_id') }} as master_record_id,
        cast(null as varchar) as converted_contact_id,
        email_key,
        system_modstamp
    from {{ source('landing', 'salesforce__contact') }}
),

seen as (
    select
        records.record_id,
        min(versions.system_modstamp) as seen_since
    from records
    inner join versions on records.record_id = versions.record_id
    where
        records.master_record_id is not distinct from versions.master_record_id
        and records.converted_contact_id is not distinct from versions.converted_contact_id
        and records.email_key is not distinct from versions.email_key
    group by records.record_id
),

-- A merge or a conversion is noted on one of two records, and ties both.
ties as (
    select
        records.record_id,
        others.record_id as linked_id,
        case when records.master_record_id = others.record_id then 'merged' else 'converted' end as alias_reason,
        seen.seen_since
    from records
    inner join seen on records.record_id = seen.record_id
    inner join records as others
        on records.prospect_id = others.prospect_id
        and (records.master_record_id = others.record_id or records.converted_contact_id = others.record_id)
),

tied as (
    select
        record_id,
        alias_reason,
        seen_since
    from ties
    union all
    select
        linked_id as record_id,
        alias_reason,
        seen_since
    from ties
),

ranked as (
    select
        *,
        row_number() over (partition by record_id order by alias_reason desc, seen_since asc) as choice
    from tied
),

final as (
    select
        records.record_id as alias_id,
        records.prospect_id,
        coalesce(ranked.alias_reason, 'same_email') as alias_reason,
        greatest(seen.seen_since, coalesce(ranked.seen_since, seen.seen_since)) as aliased_at
    from records
    inner join seen on records.record_id = seen.record_id
    left join ranked
        on records.record_id = ranked.record_id
        and ranked.choice = 1
    where records.record_id <> records.prospect_id
)

select * from final
