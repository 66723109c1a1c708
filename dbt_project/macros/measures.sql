{# The measures every head KPI is made of: a KPI of config.kpis names one as numerator and, if a rate, one as denominator. #}
{% macro measures() -%}
    {{ return(['sessions', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'sales_amount']) }}
{%- endmacro %}
