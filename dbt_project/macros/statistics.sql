{# The value below which the given fraction of values lies, interpolated linearly between the two nearest. #}
{% macro quantile(value, fraction) -%}
    percentile_cont({{ fraction }}) within group (order by {{ value }})
{%- endmacro %}
