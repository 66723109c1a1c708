-- The web days the landing holds of each locale. `source_hash` changes whenever the day's rows would come out
-- differently: other content, or other business line rules.
{{ config(materialized='view') }}

with

windows as (
    select * from {{ source('landing', 'windows') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

rules as (
    select * from {{ source('config', 'web_business_line_rules') }}
),

rule_lines as (
    select
        priority,
        concat_ws('|', priority, coalesce(host, ''), coalesce(path_prefix, ''), business_line) as rule_line
    from rules
),

ruleset as (
    select md5(coalesce({{ dbt.listagg('rule_line', "','", 'order by priority') }}, '')) as rules_hash
    from rule_lines
),

web_windows as (
    select
        scope as locale,
        cast(window_start as date) as first_date,
        cast({{ dbt.dateadd('day', -1, 'cast(window_end as date)') }} as date) as last_date,
        state = 'provisional' as is_provisional,
        content_hash
    from windows
    where source = 'ga4' and stream = 'sessions'
),

final as (
    select
        web_windows.locale,
        {{ each_day('web_windows.first_date', 'web_windows.last_date') }} as session_date,
        web_windows.is_provisional,
        md5(web_windows.content_hash || ruleset.rules_hash) as source_hash
    from web_windows
    inner join locales on web_windows.locale = locales.locale
    cross join ruleset
)

select * from final
