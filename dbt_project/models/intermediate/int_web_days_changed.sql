-- Every web day that the landing holds of each fact that is kept by web day, and whether its rows come from anything
-- else than the last build saw. A day that is no longer landed is there once more, without hash.
{%- set facts = {
    'fct_web_sessions': ('int_web_days_landed', 'session_date'),
    'fct_content': ('int_content_days_landed', 'content_date'),
    'int_visits': ('int_visit_days_landed', 'visit_date'),
} %}

with

held as (
    select * from {{ source('held', 'web_days') }}
),

seen as (
    {%- for fact, (landed_days, date) in facts.items() %}
        select
            '{{ fact }}' as fact,
            locale,
            {{ date }} as date,
            source_hash
        from {{ ref(landed_days) }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    {{ compared_with_held(['fact', 'locale', 'date'], 'source_hash') }}
)

select * from final
