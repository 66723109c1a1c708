{#
    Round an exact decimal half away from zero to the currency's ISO minor units: once, after summing, on publishing
    (docs/semantics: sum first, round last). The number of digits must be a constant to keep the decimal type,
    and every branch is cast by itself: their common type would have the fewest digits of all.
#}
{% macro round_to_minor_units(amount, minor_units) -%}
    case {{ minor_units }}
        {%- for digits in [0, 2, 3, 4] %}
        when {{ digits }} then cast(round({{ amount }}, {{ digits }}) as decimal(38, 4))
        {%- endfor %}
    end
{%- endmacro %}
