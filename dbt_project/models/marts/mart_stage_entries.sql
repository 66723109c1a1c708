-- The stage entries behind the numbers: those of configured locales, from go-live to the as-of date. Kept by month.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(month_of('entered_date')) }}"
    )
}}

with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
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
    inner join locales on entries.locale = locales.locale
    {{ changed_months('entries', month_of('entries.entered_date')) }}
    where entries.entered_date between locales.go_live_date and locales.as_of_date
)

select * from final
