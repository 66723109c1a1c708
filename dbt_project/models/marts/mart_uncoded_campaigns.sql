-- Campaigns that need one of head office's codes and have none, by month and where they were seen, with what they cost,
-- what is wrong with their name, and the code that may have been meant.
{%- set keys = ['locale', 'month', 'channel', 'traffic_source', 'traffic_medium', 'campaign'] %}

with

visited as (
    select * from {{ ref('int_campaigns_visited') }}
    where is_coded = false and sessions > 0
),

advertised as (
    {{ spend_by_month(['channel', 'traffic_source', 'traffic_medium', 'campaign', 'is_coded']) }}
),

spent as (
    select * from advertised
    where is_coded = false
),

spelled as (
    select * from {{ ref('int_campaigns_misspelled') }}
),

visited_and_spent as (
    select
        {%- for key in keys %}
            coalesce(visited.{{ key }}, spent.{{ key }}) as {{ key }},
        {%- endfor %}
        coalesce(visited.sessions, 0) as sessions,
        spent.impressions,
        spent.clicks,
        spent.spend_local,
        spent.spend_eur,
        spent.spend_eur_constant
    from visited
    full join spent
        on {{ same('visited', 'spent', keys) }}
),

final as (
    select
        offences.locale,
        offences.month,
        offences.channel,
        offences.traffic_source,
        offences.traffic_medium,
        offences.campaign,
        spelled.problem,
        spelled.problem_part,
        spelled.suggested_code,
        offences.sessions,
        cast(offences.impressions as bigint) as impressions,
        cast(offences.clicks as bigint) as clicks,
        {{ published_money('offences', 'spend') }},
        month_currencies.currency
    from visited_and_spent as offences
    inner join spelled
        on offences.locale = spelled.locale
        and offences.campaign = spelled.campaign
    {{ join_month_currency('offences') }}
)

select * from final
