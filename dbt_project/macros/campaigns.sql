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


{#
    What one of something cost, by spend (`exact_local`, `exact_eur`, in a relation with `minor_units`) and a number; NULL
    without any. A ratio, which no sum is made of.
#}
{% macro money_ratio(relation, number, name) -%}
    {%- for each, units in [('_local', relation ~ '.minor_units'), ('_eur', '2')] %}
    {{ round_to_minor_units(relation ~ '.exact' ~ each ~ ' / nullif(' ~ number ~ ', 0)', units) }} as {{ name }}{{ each }}
    {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Credited money, rounded once; most campaigns have none in a month, and nothing is quickly rounded. #}
{% macro credited_money(credited, minor_units) -%}
    {%- for amount, units in [('amount_local', minor_units), ('amount_eur', '2'), ('amount_eur_constant', '2')] %}
    case
        when coalesce({{ credited }}.{{ amount }}, 0) = 0 then {{ round_to_minor_units('0', units) }}
        else {{ round_to_minor_units(credited ~ '.' ~ amount, units) }}
    end as {{ amount }}
    {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#
    What each of `campaigns` (campaign, name) was credited with by month and model: `people` by stage, and value. Of the
    months to be made, and by Markov, whose fit is of every build, of all.
#}
{% macro credit_by_campaign(campaigns, people, facts) -%}
    select
        credits.locale,
        credits.month,
        credits.model,
        campaigns.name as campaign,
    {%- for stage, one in people.items() %}
        sum(case when credits.stage = '{{ stage }}' then credits.credit else 0 end) as credited_{{ one }}s,
    {%- endfor %}
    {%- for amount in ['amount_local', 'amount_eur', 'amount_eur_constant'] %}
        sum(coalesce(credits.{{ amount }}, 0)) as {{ amount }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from {{ ref('mart_attribution') }} as credits
    inner join {{ campaigns }} as campaigns on credits.campaign = campaigns.campaign
    where
        campaigns.is_campaign
        and (credits.model = 'markov' or {{ is_of_changed_month(facts, 'credits.locale', 'credits.month') }})
    group by credits.locale, credits.month, credits.model, campaigns.name
{%- endmacro %}
