{# The measures every head KPI is made of: a KPI of config.kpis names one as numerator and, if a rate, one as denominator. #}
{% macro measures() -%}
    {{ return(['sessions', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'sales_amount']) }}
{%- endmacro %}


{# The stages a prospect can enter, in the order of the funnel: `stages (stage, stage_rank)`. #}
{% macro funnel_stages() -%}
    (
        values
        ('first_identifier', 1),
        ('second_identifier', 2),
        ('mql', 3),
        ('sql', 4),
        ('sale', 5)
    ) as stages (stage, stage_rank)
{%- endmacro %}
