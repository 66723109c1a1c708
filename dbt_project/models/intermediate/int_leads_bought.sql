-- The credit each touch earned for a lead, by every model, with what became of the lead.
{{ config(materialized='view') }}

with

leads as (
    select * from {{ ref('int_leads_progressed') }}
),

attribution as (
    select * from {{ ref('fct_attribution') }}
),

final as (
    select
        leads.stage_entry_id,
        leads.locale,
        leads.business_line,
        leads.entered_date,
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
        attribution.channel,
        attribution.campaign,
        attribution.campaign_key,
    {%- for model in attribution_models() %}
        attribution.{{ model }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from leads
    -- The day is the entry's in both: whoever wants some days reads no others.
    inner join attribution
        on leads.stage_entry_id = attribution.stage_entry_id
        and leads.entered_date = attribution.entered_date
    where attribution.stage = 'first_identifier'
)

select * from final
