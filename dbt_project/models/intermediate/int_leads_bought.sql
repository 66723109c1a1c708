-- The touches of every lead that marts count, with the credit each earned for it by the models that look at one path
-- alone, beside what became of the lead. Kept by month, and without texts: months that are made again are many rows.
{%- set facts = ['leads_progressed', 'fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ", 'entered_date') }}"
    )
}}

with

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

sold as (
    select * from {{ ref('int_leads_sold') }}
),

locales as (
    {{ locales_with_ends() }}
),

-- Leads and touches are asked for the same days before they meet.
leads as (
    select
        cycles.*,
        coalesce(cycles.exited_at < locales.as_of_ends_at, false) as is_disqualified,
    {%- for stage in ['mql', 'sql', 'sale'] %}
        coalesce(cycles.{{ stage }}_entered_at < locales.as_of_ends_at, false) as is_{{ stage }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from cycles
    inner join locales
        on cycles.locale = locales.locale
        and cycles.entered_date between locales.go_live_date and locales.as_of_date
    {{ changed_days('cycles', 'entered_date', facts) }}
),

touches as (
    select credits.*
    from {{ ref('fct_touch_credits') }} as credits
    {{ changed_days('credits', 'entered_date', facts) }}
    where credits.stage = 'first_identifier'
),

final as (
    select
        {{ number_of_values(['leads.stage_entry_id']) }} as lead_number,
        leads.locale,
        leads.entered_date,
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
        case when leads.is_mql then {{ days_between('leads.entered_at', 'leads.mql_entered_at') }} end as days_to_mql,
        case
            when leads.is_sale then {{ days_between('leads.entered_at', 'leads.sale_entered_at') }}
        end as days_to_sale,
        sold.amount_local,
        sold.amount_eur,
        sold.amount_eur_constant
    from leads
    inner join touches on leads.stage_entry_id = touches.stage_entry_id
    left join sold on leads.stage_entry_id = sold.stage_entry_id
)

select * from final
{{ in_order_of('entered_date') }}
