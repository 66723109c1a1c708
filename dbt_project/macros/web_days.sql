{#
    The web days that the landing holds of a GA4 report, one row a locale and day, named `day`. `source_hash` changes
    whenever the day's rows would come out differently: other content, or other rules for the business lines of pages,
    for the codes of campaigns, or for the locale's channels.
#}
{% macro web_days_landed(stream, day) -%}
with

windows as (
    select * from {{ source('landing', 'windows') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

page_rules as (
    select * from {{ source('config', 'web_business_line_rules') }}
),

channel_rules as (
    select * from {{ source('config', 'channel_rules') }}
),

coding_rules as (
    select concat_ws('|', 'part', part, pattern, is_listed) as rule_line
    from {{ source('config', 'campaign_code_parts') }}
    union all
    select concat_ws('|', 'value', part, value) as rule_line
    from {{ source('config', 'campaign_code_values') }}
    union all
    select concat_ws('|', 'channel', channel) as rule_line
    from {{ source('config', 'coded_channels') }}
    union all
    select
        concat_ws(
            '|', 'exempt', coalesce(traffic_source, ''), coalesce(traffic_medium, ''), coalesce(campaign, '')
        ) as rule_line
    from {{ source('config', 'campaign_coding_exemptions') }}
),

rule_lines as (
    select
        locales.locale,
        0 as priority,
        coding_rules.rule_line
    from coding_rules
    cross join locales

    union all

    select
        locales.locale,
        page_rules.priority,
        concat_ws(
            '|', page_rules.priority, coalesce(page_rules.host, ''), coalesce(page_rules.path_prefix, ''),
            page_rules.business_line
        ) as rule_line
    from page_rules
    cross join locales

    union all

    -- Before the others, which are numbered from 1.
    select
        locale,
        -priority as priority,
        concat_ws(
            '|', priority, coalesce(traffic_source, ''), coalesce(traffic_medium, ''), coalesce(campaign, ''), channel
        ) as rule_line
    from channel_rules
),

rulesets as (
    select
        locale,
        md5({{ dbt.listagg('rule_line', "','", 'order by priority, rule_line') }}) as rules_hash
    from rule_lines
    group by locale
),

web_windows as (
    select
        windows.scope as locale,
        cast(windows.window_start as date) as first_date,
        cast({{ dbt.dateadd('day', -1, 'cast(windows.window_end as date)') }} as date) as last_date,
        windows.state = 'provisional' as is_provisional,
        md5(windows.content_hash || coalesce(rulesets.rules_hash, '')) as source_hash
    from windows
    inner join locales on windows.scope = locales.locale
    left join rulesets on windows.scope = rulesets.locale
    where windows.source = 'ga4' and windows.stream = '{{ stream }}'
),

final as (
    select
        locale,
        {{ each_day('first_date', 'last_date') }} as {{ day }},
        is_provisional,
        source_hash
    from web_windows
)

select * from final
{%- endmacro %}
