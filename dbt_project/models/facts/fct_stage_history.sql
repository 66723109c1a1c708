-- Everything that leads' statuses and deals' stages have been, in the CRM's words and in ours: with what is counted
-- nowhere, such as second entries, steps back, and words that a locale's map does not know. Kept by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

statuses as (
    select * from {{ ref('int_lead_statuses_mapped') }}
),

records as (
    select * from {{ ref('int_records_changed') }}
),

stages as (
    select * from {{ ref('int_opportunity_stages_mapped') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

final as (
    select
        statuses.lead_id as record_id,
        'lead' as record_type,
        records.prospect_id,
        statuses.occurred_at,
        statuses.locale,
        statuses.status as source_value,
        statuses.stage,
        statuses.history_source
    from statuses
    inner join records on statuses.lead_id = records.record_id

    union all

    select
        stages.opportunity_id as record_id,
        'opportunity' as record_type,
        opportunities.prospect_id,
        stages.occurred_at,
        stages.locale,
        stages.stage_name as source_value,
        stages.stage,
        stages.history_source
    from stages
    inner join opportunities on stages.opportunity_id = opportunities.opportunity_id
)

select * from final
