{# The value below which the given fraction of values lies, interpolated linearly between the two nearest. #}
{% macro quantile(value, fraction) -%}
    percentile_cont({{ fraction }}) within group (order by {{ value }})
{%- endmacro %}


{# A sum of floats, made of decimals: one of floats depends on the order it is made in, and differs from build to build. #}
{% macro sum_of_floats(value) -%}
    cast(sum(cast({{ value }} as decimal(38, 12))) as double)
{%- endmacro %}
