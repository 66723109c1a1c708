{#
    The columns identify a row: no two rows share them, and none of them is NULL. One scan for both; of a mart that is
    kept by month, given its expression, only of the months that this build has made.
#}
{% test keyed_by(model, columns, kept_by=none) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{%- if kept_by %}
where (locale, {{ kept_by }}) in (select (made.locale, made.month) from {{ ref('int_months') }} as made where made.has_changed)
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
