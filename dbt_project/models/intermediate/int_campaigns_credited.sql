-- What credit is given to, by month and stage: each channel and campaign that a touch of a stage entry was of. Kept by
-- month.
{%- set facts = ['fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}

{{ dimensions_credited(facts, ['channel', 'campaign'], 'campaign_key') }}
