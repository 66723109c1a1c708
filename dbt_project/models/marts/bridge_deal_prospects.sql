-- Everybody a deal is with, and each one's part in it: whoever was converted into it and its contacts, one part a
-- person, all parts equal. The funnel counts a deal for one of them, who takes what rounding leaves; where nobody is
-- known, the account, or the deal itself, stands for them. Kept from build to build by deal.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('opportunity_id', ref('int_opportunities_touched')) }}"
    )
}}

with

opportunities as (
    select assigned.*
    from {{ ref('int_opportunities_assigned') }} as assigned
    inner join {{ ref('int_opportunities_touched') }} as touched on assigned.opportunity_id = touched.opportunity_id
),

roles as (
    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

known as (
    select
        opportunities.opportunity_id,
        records.prospect_id,
        1 as role_rank
    from records
    inner join opportunities on records.converted_opportunity_id = opportunities.opportunity_id

    union all

    select
        roles.opportunity_id,
        records.prospect_id,
        case when roles.is_primary then 2 else 3 end as role_rank
    from roles
    inner join records on roles.contact_id = records.record_id

    union all

    select
        opportunity_id,
        prospect_id,
        4 as role_rank
    from opportunities
),

people as (
    select
        known.opportunity_id,
        known.prospect_id,
        known.prospect_id = opportunities.prospect_id as is_funnel_prospect,
        min(known.role_rank) as role_rank
    from known
    inner join opportunities on known.opportunity_id = opportunities.opportunity_id
    group by known.opportunity_id, known.prospect_id, opportunities.prospect_id
),

counted as (
    select
        *,
        count(*) over (partition by opportunity_id) as people_count,
        cast(1.0 / count(*) over (partition by opportunity_id) as decimal(13, 12)) as share
    from people
),

final as (
    select
        opportunity_id,
        prospect_id,
        case role_rank
            when 1 then 'converted_lead'
            when 2 then 'primary_contact'
            when 3 then 'contact'
            else 'stand_in'
        end as deal_role,
        is_funnel_prospect,
        cast(
            case when is_funnel_prospect then 1 - (people_count - 1) * share else share end as decimal(13, 12)
        ) as weight
    from counted
)

select * from final
