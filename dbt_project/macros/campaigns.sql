{#
    What advertisements cost and did by month and `keys`, on the days that marts count; money unrounded. Given `facts`, of
    the months to be made.
#}
{% macro spend_by_month(keys, facts=none) -%}
    select
        ads.locale,
        {{ month_of('ads.date') }} as month,
        ads.{{ keys | join(', ads.') }},
        sum(ads.impressions) as impressions,
        sum(ads.clicks) as clicks,
        sum(ads.amount_local) as spend_local,
        sum(ads.amount_eur) as spend_eur,
        sum(ads.amount_eur_constant) as spend_eur_constant
    from {{ ref('fct_ads') }} as ads
    {{ counted_days('ads', 'date', facts) }}
    group by ads.locale, {{ dbt.date_trunc('month', 'ads.date') }}, ads.{{ keys | join(', ads.') }}
{%- endmacro %}


{#
    The currency that the market of `rows` (locale, month) had in all of the month, and its digits; none where it changed
    within it, and with it no local amounts: what is of two currencies has no sum.
#}
{% macro join_month_currency(rows) -%}
    left join {{ source('config', 'locale_currencies') }} as month_currencies
        on {{ rows }}.locale = month_currencies.locale
        and {{ rows }}.month >= month_currencies.valid_from
        and cast({{ dbt.dateadd('month', 1, rows ~ '.month') }} as date) <= month_currencies.valid_to
    left join {{ source('config', 'currencies') }} as currencies on month_currencies.currency = currencies.currency
{%- endmacro %}


{# Money in the locale's currency and in euro, each rounded once, of a relation beside `currencies`. #}
{% macro published_money(relation, name) -%}
    {%- for each, units in [('_local', 'currencies.minor_units'), ('_eur', '2'), ('_eur_constant', '2')] %}
    {{ round_to_minor_units(relation ~ '.' ~ name ~ each, units) }} as {{ name }}{{ each }}
    {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# The channel of most sessions of each source, medium and campaign of a locale. #}
{% macro channels_visited() -%}
    select
        locale,
        traffic_source,
        traffic_medium,
        campaign,
        channel
    from (
        select
            locale,
            traffic_source,
            traffic_medium,
            campaign,
            channel,
            row_number() over (
                partition by locale, traffic_source, traffic_medium, campaign
                order by sum(sessions) desc, channel
            ) as choice
        from {{ ref('int_campaigns_visited') }}
        group by locale, traffic_source, traffic_medium, campaign, channel
    ) as counted
    where choice = 1
{%- endmacro %}


{# Contacts that prospects have had with each of `campaigns` (campaign, name), of the months to be made. #}
{% macro touches_by_month(campaigns, facts) -%}
    select
        touches.locale,
        {{ month_of('touches.touched_date') }} as month,
        campaigns.name as campaign,
        count(*) as touchpoints
    from {{ ref('fct_touchpoints') }} as touches
    inner join {{ campaigns }} as campaigns on touches.campaign = campaigns.campaign
    {{ counted_days('touches', 'touched_date', facts) }}
    where campaigns.is_campaign
    group by touches.locale, {{ dbt.date_trunc('month', 'touches.touched_date') }}, campaigns.name
{%- endmacro %}
