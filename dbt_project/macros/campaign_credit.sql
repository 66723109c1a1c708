{#
    What one of something cost, by spend (`exact_local`, `exact_eur`, in a relation with `minor_units`) and a number; NULL
    without any spend, which is asked first, since most campaigns have none. A ratio, which no sum is made of.
#}
{% macro money_ratio(relation, number, name) -%}
    {%- for each, units in [('_local', relation ~ '.minor_units'), ('_eur', '2')] %}
    case
        when {{ relation }}.exact{{ each }} is not null
            then {{ round_to_minor_units(relation ~ '.exact' ~ each ~ ' / nullif(' ~ number ~ ', 0)', units) }}
    end as {{ name }}{{ each }}
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
    months to be made, and by Markov, whose fit is of every build, of all. Asked for apart, so that of no other month more
    than a few rows are looked at.
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
    from (
        select * from {{ ref('mart_attribution') }}
        where model = 'markov'
        union all
        select by_path.*
        from {{ ref('mart_attribution') }} as by_path
        {{ changed_months('by_path', facts) }}
        where by_path.model <> 'markov'
    ) as credits
    inner join {{ campaigns }} as campaigns on credits.campaign = campaigns.campaign
    where campaigns.is_campaign and credits.stage in ('{{ people | join("', '") }}')
    group by credits.locale, credits.month, credits.model, campaigns.name
{%- endmacro %}
