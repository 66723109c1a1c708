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


{# How many letters must be put in, left out or changed to make one text of the other. #}
{% macro edit_distance(one, other) -%}
    levenshtein({{ one }}, {{ other }})
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
