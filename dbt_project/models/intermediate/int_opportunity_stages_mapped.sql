-- Every stage an opportunity has had, read with its locale's map. Where there is no history at all, its creation and
-- its current stage are all that is known: `is_history_missing`.
with

opportunities as (
    select * from {{ ref('int_opportunities_changed') }}
),

histories as (
    select * from {{ ref('stg_salesforce__opportunity_histories') }}
),

crm_stages as (
    select * from {{ source('config', 'crm_stages') }}
),

stages as (
    select
        opportunities.opportunity_id,
        opportunities.locale,
        coalesce(histories.stage_name, opportunities.stage_name) as stage_name,
        coalesce(histories.changed_at, opportunities.created_at) as occurred_at,
        coalesce(histories.opportunity_history_id, '') as opportunity_history_id,
        histories.opportunity_id is null as is_history_missing
    from opportunities
    left join histories on opportunities.opportunity_id = histories.opportunity_id
),

final as (
    select
        stages.opportunity_id,
        stages.opportunity_history_id,
        stages.locale,
        stages.occurred_at,
        stages.stage_name,
        coalesce(crm_stages.stage, 'unmapped') as stage,
        stages.is_history_missing
    from stages
    left join crm_stages
        on stages.locale = crm_stages.locale
        and crm_stages.object = 'opportunity'
        and stages.stage_name = crm_stages.source_value
)

select * from final
