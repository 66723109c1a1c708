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


{# That two relations agree in all of these columns. #}
{% macro same(one, other, columns) -%}
    {% for column in columns -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}
        {{- " and " if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Credit and money of the leads in a relation by `keys`. All that was won is worth its amount times its
    credit: 12 decimals each, 24 together. #}
{% macro credit_of_leads(relation, models, keys) -%}
    select
        {{ keys | join(', ') }}
    {%- for model in models %},
        sum({{ model }}_credit) as {{ model }}_credit
        {%- for amount in amounts_credited() %},
        sum(case when is_sale then cast({{ amount }} as decimal(25, 12)) * {{ model }}_credit end)
            as {{ model }}_{{ amount }}
        {%- endfor %}
    {%- endfor %}
    from {{ relation }}
    group by {{ keys | join(', ') }}
{%- endmacro %}
