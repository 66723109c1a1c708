-- What credit is given to, by month and stage: each content that a touch of a stage entry was of. Kept by month.
{%- set facts = ['fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}

{{ dimensions_credited(facts, ['content'], 'content_key') }}
