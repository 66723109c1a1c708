-- The touches of every lead that marts count, with the credit each earned for it by the models that look at one path
-- alone, beside what became of the lead. Kept by month.
{%- set facts = ['int_leads_progressed', 'fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}

with

-- Both are asked for the same days before they meet.
leads as (
    {{ leads_progressed(changed_days('cycles', 'entered_date', facts)) }}
),

touches as (
    select credits.*
    from {{ ref('fct_touch_credits') }} as credits
    {{ changed_days('credits', 'entered_date', facts) }}
    where credits.stage = 'first_identifier'
),

final as (
    select
        leads.stage_entry_id,
        leads.locale,
        leads.business_line,
        leads.entered_date,
        leads.month,
        touches.channel,
        touches.campaign,
        touches.campaign_key,
        touches.share_key,
        touches.channel_touch_number,
        touches.channel_touch_count,
        {% for model in attribution_models_of_a_path() -%}
            touches.{{ model }}_credit,
        {% endfor -%}
        leads.is_mql,
        leads.is_sql,
        leads.is_sale,
        leads.is_disqualified,
        leads.days_to_mql,
        leads.days_to_sale,
        leads.amount_local,
        leads.amount_eur,
        leads.amount_eur_constant
    from leads
    inner join touches on leads.stage_entry_id = touches.stage_entry_id
)

select * from final
{% if not is_incremental() -%}
    -- Days that lie together are found without looking at all others.
    order by entered_date
{%- endif %}
