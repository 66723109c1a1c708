-- The locale of every record at any instant: [valid_from, valid_to). Leads have a tracked history of it; before the
-- first change they were in its old value. All other records have always been where they are now.
with

records as (
    select * from {{ ref('int_records_changed') }}
    where record_type in ('lead', 'contact')
),

histories as (
    select * from {{ ref('stg_salesforce__lead_histories') }}
),

crm_locales as (
    select * from {{ source('config', 'crm_locales') }}
),

changes as (
    select
        histories.lead_id as record_id,
        histories.lead_history_id,
        histories.changed_at,
        old_locales.locale as old_locale,
        new_locales.locale as new_locale,
        row_number() over (
            partition by histories.lead_id
            order by histories.changed_at, histories.lead_history_id
        ) as change_number
    from histories
    left join crm_locales as old_locales
        on histories.connection = old_locales.connection
        and histories.old_value = old_locales.source_value
    left join crm_locales as new_locales
        on histories.connection = new_locales.connection
        and histories.new_value = new_locales.source_value
    where histories.field = 'locale'
),

opened as (
    select
        records.record_id,
        0 as change_number,
        cast('0001-01-01 00:00:00+00' as timestamp with time zone) as valid_from,
        case when changes.record_id is null then records.locale else changes.old_locale end as locale
    from records
    left join changes
        on records.record_id = changes.record_id
        and changes.change_number = 1
),

spans as (
    select
        record_id,
        change_number,
        valid_from,
        locale
    from opened
    union all
    select
        record_id,
        change_number,
        changed_at as valid_from,
        new_locale as locale
    from changes
),

final as (
    select
        record_id,
        locale,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by record_id order by change_number),
            cast('9999-12-31 00:00:00+00' as timestamp with time zone)
        ) as valid_to
    from spans
)

select * from final
