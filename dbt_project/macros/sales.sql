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


{# The credit of each row of a relation by each model its locale offers: `<relation>.*, model, credit`. #}
{% macro credit_by_offered_model(relation) -%}
    select
        {{ relation }}.*,
        offered.model,
        case offered.model
            {%- for model in attribution_models() %}
            when '{{ model }}' then {{ relation }}.{{ model }}_credit
            {%- endfor %}
        end as credit
    from {{ relation }}
    inner join {{ source('config', 'attribution_models') }} as offered on {{ relation }}.locale = offered.locale
{%- endmacro %}
