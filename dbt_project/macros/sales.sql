{# What a customer can be worth, and the months from the first deal that each kind of value is of, if any. #}
{% macro value_types() -%}
    (
        values
        ('first_order', null),
        ('repeat', null),
        ('recurring', null),
        ('total', null),
        ('12_months', 12),
        ('24_months', 24)
    ) as value_types (value_type, months)
{%- endmacro %}
