-- How fast the leads of each campaign went on, by the month in which they came in; a lead is as fast for a campaign
-- that touched it thrice as for one that did so once. Kept by month.
{%- set facts = ['leads_progressed', 'fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}

with

bought as (
    select bought.*
    from {{ ref('int_leads_bought') }} as bought
    {{ changed_days('bought', 'entered_date', facts) }}
),

qualified as (
    select distinct
        lead_number,
        days_to_mql,
        days_to_sale,
        locale,
        {{ month_of('entered_date') }} as month,
        campaign_key
    from bought
    where is_mql
),

final as (
    select
        locale,
        month,
        campaign_key,
        cast({{ quantile('days_to_mql', 0.5) }} as decimal(18, 4)) as median_days_to_mql,
        cast({{ quantile('days_to_sale', 0.5) }} as decimal(18, 4)) as median_days_to_sale
    from qualified
    group by locale, month, campaign_key
)

select * from final
