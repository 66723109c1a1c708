{#
    What head office's grammar reads in each name of `names` (name), which are distinct: `code_code`, the whole in
    capitals, and its parts; nothing of a name that does not follow it. The case of letters does not matter: patterns are made for capitals. A code
    `is_valid` when its parts are among the values that they may have, where head office says which.
#}
{% macro campaign_codes_of(names) -%}
    select
        name
    {%- for part in ['code', 'market', 'year', 'quarter', 'type', 'business_line'] %},
        max(case when part = '{{ part }}' then extract end) as code_{{ part }}
    {%- endfor %},
        count(case when part = 'code' then extract end) = 1
        and count(case when is_unknown then 1 end) = 0 as is_valid
    from (
        select
            extracted.name,
            extracted.part,
            extracted.extract,
            extracted.is_listed and extracted.extract is not null and known.value is null as is_unknown
        from (
            select
                names.name,
                parts.part,
                parts.is_listed,
                nullif(regexp_extract(upper(trim(names.name)), '^(?:' || parts.pattern || ')$', 1), '') as extract
            from {{ names }} as names
            cross join {{ source('config', 'campaign_code_parts') }} as parts
        ) as extracted
        left join {{ source('config', 'campaign_code_values') }} as known
            on extracted.part = known.part
            and extracted.extract = known.value
    ) as checked
    group by name
{%- endmacro %}


{# What advertisements cost and did by month and `keys`, on the days that marts count; money unrounded. #}
{% macro spend_by_month(keys) -%}
    select
        ads.locale,
        cast({{ dbt.date_trunc('month', 'ads.date') }} as date) as month,
        ads.{{ keys | join(', ads.') }},
        sum(ads.impressions) as impressions,
        sum(ads.clicks) as clicks,
        sum(ads.amount_local) as spend_local,
        sum(ads.amount_eur) as spend_eur,
        sum(ads.amount_eur_constant) as spend_eur_constant
    from {{ ref('fct_ads') }} as ads
    inner join {{ ref('mart_locales') }} as locales
        on ads.locale = locales.locale
        and ads.date between locales.go_live_date and locales.as_of_date
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


{# How many letters must be put in, left out or changed to make one text of the other. #}
{% macro edit_distance(one, other) -%}
    levenshtein({{ one }}, {{ other }})
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


{#
    Of each of `names` (name) that head office's grammar does not read to its end, or reads a value in that is not
    listed, the first such `part`. A name that reads well but for what follows has none.
#}
{% macro misread_parts_of(names) -%}
    select
        misread.name,
        parts.part
    from (
        select
            names.name,
            min(parts.part_number) as part_number
        from {{ names }} as names
        cross join {{ source('config', 'campaign_code_parts') }} as parts
        left join {{ source('config', 'campaign_code_values') }} as known
            on parts.part = known.part
            and regexp_extract(upper(names.name), '^(?:' || parts.prefix_pattern || ')', 1) = known.value
        where
            parts.part_number > 0
            and (
                not {{ matches('upper(names.name)', "'^(?:' || parts.prefix_pattern || ')'") }}
                or (parts.is_listed and known.value is null)
            )
        group by names.name
    ) as misread
    inner join {{ source('config', 'campaign_code_parts') }} as parts on misread.part_number = parts.part_number
{%- endmacro %}


{# Contacts that prospects have had with each of `campaigns` (campaign, name), by month, on the days that marts count. #}
{% macro touches_by_month(campaigns) -%}
    select
        touches.locale,
        cast({{ dbt.date_trunc('month', 'touches.touched_date') }} as date) as month,
        campaigns.name,
        count(*) as touchpoints
    from {{ ref('fct_touchpoints') }} as touches
    inner join {{ campaigns }} as campaigns on touches.campaign = campaigns.campaign
    inner join {{ ref('mart_locales') }} as locales
        on touches.locale = locales.locale
        and touches.touched_date between locales.go_live_date and locales.as_of_date
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


{# Where and when campaigns that need a code were seen, on links and in advertisements, and whether they have one. #}
{% macro coded_uses() -%}
    select
        locale,
        campaign,
        traffic_medium,
        is_coded,
        min(first_date) as first_date,
        max(last_date) as last_date,
        sum(sessions) as sessions
    from (
        select
            locale,
            campaign,
            traffic_medium,
            is_coded,
            first_session_date as first_date,
            last_session_date as last_date,
            sessions
        from {{ ref('int_campaigns_visited') }}
        union all
        select
            locale,
            campaign,
            traffic_medium,
            is_coded,
            date as first_date,
            date as last_date,
            0 as sessions
        from {{ ref('fct_ads') }}
    ) as seen
    where is_coded is not null
    group by locale, campaign, traffic_medium, is_coded
{%- endmacro %}


{# What each of `campaigns` (campaign, name) was credited with by month and model: `people` by stage, and value. #}
{% macro credit_by_campaign(campaigns, people) -%}
    select
        credits.locale,
        credits.month,
        credits.model,
        campaigns.name,
    {%- for stage, one in people.items() %}
        sum(case when credits.stage = '{{ stage }}' then credits.credit else 0 end) as credited_{{ one }}s,
    {%- endfor %}
    {%- for amount in ['amount_local', 'amount_eur', 'amount_eur_constant'] %}
        sum(coalesce(credits.{{ amount }}, 0)) as {{ amount }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from {{ ref('mart_attribution') }} as credits
    inner join {{ campaigns }} as campaigns on credits.campaign = campaigns.campaign
    where campaigns.is_campaign
    group by credits.locale, credits.month, credits.model, campaigns.name
{%- endmacro %}
