-- The prospects this build works on: those whose history may be different, under the ids they have now and had before.
with

records as (
    select * from {{ ref('int_records_changed') }}
),

final as (
    select distinct prospect_id
    from records
)

select * from final
