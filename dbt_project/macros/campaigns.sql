{#
    What head office's grammar reads in each name of `names` (name), which are distinct: `code`, in capitals, and its
    parts; nothing of a name that does not follow it. The case of letters does not matter.
#}
{% macro campaign_codes_of(names) -%}
    select
        name
    {%- for part in ['code', 'market', 'year', 'quarter', 'type', 'business_line'] %},
        max(case when part = '{{ part }}' then extract end) as code_{{ part }}
    {%- endfor %}
    from (
        select
            names.name,
            parts.part,
            nullif(regexp_extract(upper(trim(names.name)), '^(?i:' || parts.pattern || ')$', 1), '') as extract
        from {{ names }} as names
        cross join {{ source('config', 'campaign_code_parts') }} as parts
    ) as extracts
    group by name
{%- endmacro %}
