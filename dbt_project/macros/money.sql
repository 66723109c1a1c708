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


{#
    One touch's part of a whole that `touch_count` touches share equally: `share` of it, to 12 decimals; the oldest
    touch (`touch_number` 1) takes what the others leave, so that the parts sum to the whole exactly.
#}
{% macro share_of(whole) -%}
    case touch_number
        when 1
            then cast({{ whole }} - (touch_count - 1) * cast({{ whole }} * share as decimal(38, 12)) as decimal(38, 12))
        else cast({{ whole }} * share as decimal(38, 12))
    end
{%- endmacro %}
