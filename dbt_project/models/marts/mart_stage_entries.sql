-- The stage entries behind the numbers: those of configured locales, from go-live to the as-of date. Kept by month.
{%- set facts = ['fct_stage_entries'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ", 'entered_date') }}"
    )
}}

with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

final as (
    select
        entries.prospect_id,
        entries.cycle,
        entries.stage,
        entries.entered_at,
        entries.entered_date,
        entries.locale,
        entries.business_line,
        entries.is_imputed,
        entries.history_source,
        entries.history_incomplete,
        entries.exited_at,
        entries.exit_reason,
        entries.opportunity_id
    from entries
    {{ counted_days('entries', 'entered_date', facts) }}
)

select * from final
{{ in_order_of('entered_date') }}
