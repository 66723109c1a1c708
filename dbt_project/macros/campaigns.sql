{#
    What head office's grammar reads in each name of `names` (name), which are distinct: `code_code`, the whole in
    capitals, and its parts; nothing of a name that does not follow it. The case of letters does not matter. A code
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
                nullif(regexp_extract(upper(trim(names.name)), '^(?i:' || parts.pattern || ')$', 1), '') as extract
            from {{ names }} as names
            cross join {{ source('config', 'campaign_code_parts') }} as parts
        ) as extracted
        left join {{ source('config', 'campaign_code_values') }} as known
            on extracted.part = known.part
            and extracted.extract = known.value
    ) as checked
    group by name
{%- endmacro %}
