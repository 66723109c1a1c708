-- The credit each channel and campaign earned for a lead, by every model, with what became of the lead. Several touches
-- of one campaign are one part of it.
{{ config(materialized='view') }}

with

leads as (
    select * from {{ ref('int_leads_progressed') }}
),

attribution as (
    select * from {{ ref('fct_attribution') }}
),

credited as (
    select
        stage_entry_id,
        channel,
        campaign,
    {%- for model in attribution_models() %}
        sum({{ model }}_credit) as {{ model }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from attribution
    where stage = 'first_identifier'
    group by stage_entry_id, channel, campaign
),

final as (
    select
        leads.stage_entry_id,
        leads.locale,
        leads.business_line,
        leads.month,
        leads.is_mql,
        leads.is_sql,
        leads.is_sale,
        leads.is_disqualified,
        leads.days_to_mql,
        leads.days_to_sale,
        leads.amount_local,
        leads.amount_eur,
        leads.amount_eur_constant,
        credited.channel,
        credited.campaign,
    {%- for model in attribution_models() %}
        credited.{{ model }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from leads
    inner join credited on leads.stage_entry_id = credited.stage_entry_id
)

select * from final
