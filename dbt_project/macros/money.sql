{#
    Round an exact decimal half away from zero to the currency's ISO minor units: once, after summing, on publishing
    (docs/semantics: sum first, round last). The number of digits must be a constant to keep the decimal type,
    and every branch is cast by itself: their common type would have the fewest digits of all.
#}
{% macro round_to_minor_units(amount, minor_units) -%}
    {%- if minor_units is string and minor_units.isdigit() -%}
    cast(round({{ amount }}, {{ minor_units }}) as decimal(38, 4))
    {%- else -%}
    case {{ minor_units }}
        {%- for digits in [0, 2, 3, 4] %}
        when {{ digits }} then cast(round({{ amount }}, {{ digits }}) as decimal(38, 4))
        {%- endfor %}
    end
    {%- endif -%}
{%- endmacro %}


{# The conversions of an amount, by suffix of their columns, with the factor (`fx_columns`) each is made with. #}
{% macro conversions() -%}
    {{ return({
        '_local': 'fx_rate',
        '_eur': 'fx_rate_eur',
        '_eur_constant': 'fx_rate_eur_constant',
        '_eur_constant_next': 'fx_rate_eur_constant_next'
    }) }}
{%- endmacro %}


{# An amount of a row with `fx_columns`, converted in every way, exact and unrounded; NULL where there is no rate. #}
{% macro converted(amount, name) -%}
    {%- for suffix, rate in conversions().items() -%}
        {{ amount_at_rate(amount, rate) }} as {{ name }}{{ suffix }}
        {{- ',
        ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#
    An amount times a rate, to 12 decimals. Most rates are 1; and DuckDB rounds in half the time that it takes to cast to
    fewer decimals, with the same result.
#}
{% macro amount_at_rate(amount, rate) -%}
    case
        when {{ rate }} = 1 then cast({{ amount }} as decimal(38, 12))
        else cast(round({{ amount }} * {{ rate }}, 12) as decimal(38, 12))
    end
{%- endmacro %}


{# The sum of an amount over all rows: NULL where one of them has none, for a part of a sum is no sum. #}
{% macro sum_of_all(amount) -%}
    case when count(*) = count({{ amount }}) then sum({{ amount }}) end
{%- endmacro %}
