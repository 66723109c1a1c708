{#
    The columns identify a row of a view: no two rows share them, and none of them is NULL. A table declares its key
    (`constraints`), and is not made where it is broken (macros/keys).
#}
{% test keyed_by(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
