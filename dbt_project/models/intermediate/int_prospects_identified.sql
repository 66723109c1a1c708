-- The first moment we held an e-mail of each prospect: its oldest lead or contact that has one.
with

records as (
    select * from {{ ref('int_records_changed') }}
    where record_type in ('lead', 'contact')
),

record_locales as (
    select * from {{ ref('int_record_locales_tracked') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by prospect_id
            order by created_at, case record_type when 'lead' then 1 else 2 end, record_id
        ) as age_rank
    from records
    where email_key is not null
),

final as (
    select
        ranked.prospect_id,
        ranked.record_id,
        record_locales.locale,
        ranked.business_line,
        ranked.created_at as identified_at
    from ranked
    inner join record_locales
        on ranked.record_id = record_locales.record_id
        and ranked.created_at >= record_locales.valid_from
        and ranked.created_at < record_locales.valid_to
    where ranked.age_rank = 1
)

select * from final
