{# What a whole period is compared with: the one before, or that of the year before. #}
{% macro benchmark_comparisons() -%}
    (
        values
        ('previous_period', 'month', 1),
        ('previous_period', 'quarter', 3),
        ('previous_year', 'month', 12),
        ('previous_year', 'quarter', 12),
        ('previous_year', 'fiscal_year', 12)
    ) as comparisons (comparison, period_type, months_before)
{%- endmacro %}
