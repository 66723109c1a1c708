-- The prospect of every opportunity: through the lead that was converted into it, else its first contact role, else
-- one prospect for its account, else one of its own. A deal without a lead is still somebody's.
-- Kept from build to build.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('opportunity_id', ref('int_opportunities_touched')) }}"
    )
}}

with

opportunities as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

roles as (
    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

converted_leads as (
    select
        records.converted_opportunity_id as opportunity_id,
        records.prospect_id,
        row_number() over (
            partition by records.converted_opportunity_id
            order by records.created_at, records.record_id
        ) as choice
    from records
    inner join opportunities on records.converted_opportunity_id = opportunities.opportunity_id
),

contact_roles as (
    select
        roles.opportunity_id,
        records.prospect_id,
        row_number() over (
            partition by roles.opportunity_id
            order by roles.is_primary desc, roles.created_at asc, roles.opportunity_contact_role_id asc
        ) as choice
    from roles
    inner join records on roles.contact_id = records.record_id
),

final as (
    select
        opportunities.opportunity_id,
        coalesce(
            converted_leads.prospect_id,
            contact_roles.prospect_id,
            opportunities.account_id,
            opportunities.opportunity_id
        ) as prospect_id,
        opportunities.account_id,
        opportunities.connection,
        opportunities.locale,
        opportunities.business_line,
        converted_leads.opportunity_id is not null as is_from_conversion,
        opportunities.stage_name,
        opportunities.deal_type,
        opportunities.amount,
        opportunities.currency,
        opportunities.close_date,
        opportunities.sql_at,
        opportunities.created_at
    from opportunities
    left join converted_leads
        on opportunities.opportunity_id = converted_leads.opportunity_id
        and converted_leads.choice = 1
    left join contact_roles
        on opportunities.opportunity_id = contact_roles.opportunity_id
        and contact_roles.choice = 1
)

select * from final
