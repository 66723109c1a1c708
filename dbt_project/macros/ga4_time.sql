{# GA4 writes the property-local minute as YYYYMMDDHHMM. #}
{% macro local_minute(text) -%}
    cast(
        substr({{ text }}, 1, 4) || '-' || substr({{ text }}, 5, 2) || '-'
        || substr({{ text }}, 7, 2) || ' ' || substr({{ text }}, 9, 2) || ':'
        || substr({{ text }}, 11, 2) || ':00' as timestamp
    )
{%- endmacro %}
