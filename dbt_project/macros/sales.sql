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


{#
    Credit and money of the leads in a relation by `keys` and by each of these models that their locale offers. All that
    was won is worth its amount times its credit.
#}
{% macro credit_by_offered_model(relation, models, keys) -%}
    {%- set amounts = ['amount_local', 'amount_eur', 'amount_eur_constant'] -%}
    select
        credited.{{ keys | join(', credited.') }},
        offered.model
    {%- for value in ['credit'] + amounts %},
        case offered.model
            {%- for model in models %}
            when '{{ model }}' then credited.{{ model }}_{{ value }}
            {%- endfor %}
        end as {{ value }}
    {%- endfor %}
    from (
        select
            {{ keys | join(', ') }}
        {%- for model in models %},
            sum({{ model }}_credit) as {{ model }}_credit
            {%- for amount in amounts %},
            sum(case when is_sale then cast({{ amount }} * {{ model }}_credit as decimal(38, 12)) end)
                as {{ model }}_{{ amount }}
            {%- endfor %}
        {%- endfor %}
        from {{ relation }}
        group by {{ keys | join(', ') }}
    ) as credited
    inner join {{ source('config', 'attribution_models') }} as offered on credited.locale = offered.locale
    where offered.model in ('{{ models | join("', '") }}')
{%- endmacro %}
