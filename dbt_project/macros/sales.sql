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
    The touches of leads, with these columns of a fact and credit by `models`, beside what became of each lead; given
    `facts`, of the months to be made. Both are asked for the same days before they meet, for what became of leads joins from the left.
#}
{% macro leads_bought(fact, columns, models, facts=none) -%}
    select
        leads.*,
        credits.{{ columns | join(', credits.') }}
    {%- for model in models %},
        credits.{{ model }}_credit
    {%- endfor %}
    from (
        select leads.*
        from {{ ref('int_leads_progressed') }} as leads
        {{ changed_days('leads', 'entered_date', facts) if facts }}
    ) as leads
    inner join (
        select credits.*
        from {{ ref(fact) }} as credits
        {{ changed_days('credits', 'entered_date', facts) if facts }}
        where credits.stage = 'first_identifier'
    ) as credits on leads.stage_entry_id = credits.stage_entry_id
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
