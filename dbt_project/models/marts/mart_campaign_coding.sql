-- How much of the traffic and spend that needs a campaign code has one, by month and channel.
with

visited as (
    select * from {{ ref('int_campaigns_visited') }}
    where is_coded is not null and sessions > 0
),

spent as (
    {{ spend_by_month(['channel', 'campaign', 'is_coded']) }}
),

measured as (
    select
        locale,
        month,
        channel,
        campaign,
        is_coded,
        sessions,
        cast(null as decimal(38, 12)) as spend_local,
        cast(null as decimal(38, 12)) as spend_eur,
        cast(null as decimal(38, 12)) as spend_eur_constant
    from visited

    union all

    select
        locale,
        month,
        channel,
        campaign,
        is_coded,
        0 as sessions,
        spend_local,
        spend_eur,
        spend_eur_constant
    from spent
    where is_coded is not null
),

summed as (
    select
        locale,
        month,
        channel,
        count(distinct campaign) as campaigns,
        count(distinct case when not is_coded then campaign end) as uncoded_campaigns,
        sum(sessions) as codable_sessions,
        sum(case when is_coded then sessions else 0 end) as coded_sessions,
    {%- for amount in ['spend_local', 'spend_eur', 'spend_eur_constant'] %}
        sum({{ amount }}) as codable_{{ amount }},
        sum(case when is_coded then {{ amount }} when {{ amount }} is not null then 0 end) as coded_{{ amount }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from measured
    group by locale, month, channel
),

final as (
    select
        summed.locale,
        summed.month,
        summed.channel,
        cast(summed.campaigns as bigint) as campaigns,
        cast(summed.uncoded_campaigns as bigint) as uncoded_campaigns,
        cast(summed.codable_sessions as bigint) as codable_sessions,
        cast(summed.coded_sessions as bigint) as coded_sessions,
        cast(summed.coded_sessions / nullif(summed.codable_sessions, 0) as decimal(38, 10)) as session_coding_rate,
        {{ published_money('summed', 'codable_spend') }},
        {{ published_money('summed', 'coded_spend') }},
        month_currencies.currency,
        cast(summed.coded_spend_eur / nullif(summed.codable_spend_eur, 0) as decimal(38, 10)) as spend_coding_rate
    from summed
    {{ join_month_currency('summed') }}
)

select * from final
