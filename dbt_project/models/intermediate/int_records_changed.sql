-- The records this build works on: leads, contacts and opportunities of every prospect whose history may be different.
with

prospects as (
    select * from {{ ref('int_prospects_changed') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

final as (
    select
        records.record_id,
        records.record_type,
        records.prospect_id,
        records.converted_opportunity_id,
        records.status,
        records.owner_id,
        records.email_key,
        records.locale,
        records.business_line,
        records.created_at
    from records
    inner join prospects on records.prospect_id = prospects.prospect_id

    union all

    select
        opportunities.opportunity_id as record_id,
        'opportunity' as record_type,
        opportunities.prospect_id,
        cast(null as varchar) as converted_opportunity_id,
        cast(null as varchar) as status,
        cast(null as varchar) as owner_id,
        cast(null as varchar) as email_key,
        opportunities.locale,
        opportunities.business_line,
        opportunities.created_at
    from opportunities
)

select * from final
