-- Changes of leads' statuses and deals' stages that no history tells of, and that we saw ourselves: from one landed
-- version of a record to the next. Where an org tracks none, this is the history there is.
with

leads as (
    select * from {{ source('landing', 'salesforce__lead') }}
),

opportunities as (
    select * from {{ source('landing', 'salesforce__opportunity') }}
),

lead_histories as (
    select * from {{ ref('stg_salesforce__lead_histories') }}
),

opportunity_histories as (
    select * from {{ ref('stg_salesforce__opportunity_histories') }}
),

records_changed as (
    select * from {{ ref('int_records_changed') }}
),

landed as (
    select
        {{ qualified_id('id') }} as record_id,
        status as seen_value,
        system_modstamp as seen_at,
        _load_seq
    from leads

    union all

    select
        {{ qualified_id('id') }} as record_id,
        stage_name as seen_value,
        system_modstamp as seen_at,
        _load_seq
    from opportunities
),

versions as (
    select landed.*
    from landed
    inner join records_changed on landed.record_id = records_changed.record_id
    where landed.seen_value is not null
),

-- Few records change between two looks: only theirs are worth putting in order.
moved as (
    select record_id
    from versions
    group by record_id
    having min(seen_value) <> max(seen_value)
),

tracked as (
    select lead_id as record_id
    from lead_histories
    where field = 'status'
    union
    select opportunity_id as record_id
    from opportunity_histories
),

untracked as (
    select moved.record_id
    from moved
    left join tracked on moved.record_id = tracked.record_id
    where tracked.record_id is null
),

compared as (
    select
        versions.*,
        lag(versions.seen_value) over (
            partition by versions.record_id
            order by versions.seen_at, versions._load_seq, versions.seen_value
        ) as value_before
    from versions
    inner join untracked on versions.record_id = untracked.record_id
),

final as (
    select
        record_id,
        cast(row_number() over (partition by record_id order by seen_at, _load_seq) as integer) as change_number,
        value_before as old_value,
        seen_value as new_value,
        seen_at as changed_at
    from compared
    where seen_value <> value_before
)

select * from final
