{#
    What links are tagged with (utm_source, utm_medium, utm_campaign), in one spelling: each of `served` (value), which
    are distinct, with its `normal_value`. Spelling it again changes nothing. tests/dbt/utm_values.csv has an example of
    each rule, and where it was seen.
#}
{% macro normal_values_of(served) -%}
    select
        value,
        coalesce(nullif(coalesce({{ repeated_item('tidied') }}, tidied), ''), '(empty)') as normal_value
    from (
        -- What a link repeats, or what of its other parameters came with the value, goes.
        select
            value,
            trim(
                {{ replace_all(
                    replace_all('spelled', "'^( ?[?&]?utm_[a-z_]+=)+'", "''"),
                    "'[?&](utm_[a-z_]+|gclid|dclid|gbraid|wbraid|fbclid|msclkid)=.*$'", "''"
                ) }}
            ) as tidied
        from (
            -- Small letters, one kind of dash, one kind of space and never two of them; an ampersand as itself.
            select
                value,
                {{ replace_all(
                    replace_all(
                        'trim(' ~ replace_all(in_small_letters('decoded'), "'[+\\s\\pZ\\p{Cc}]+'", "' '") ~ ')',
                        "'\\p{Pd}'", "'-'"
                    ),
                    "'&(amp;)+'", "'&'"
                ) }} as spelled
            from (
                -- What no decoding makes sense of stands for itself no more. Decoding is done twice: whoever encodes
                -- more than once may encode every letter, or (%2520, %252520) the percent signs alone.
                select
                    value,
                    {{ replace_all(
                        replace_all(percent_decoded('decoded_once'), invisible_characters(), "''"),
                        "'%[0-9A-Fa-f]{2}'", "'�'"
                    ) }} as decoded
                from (
                    select
                        value,
                        {{ replace_all(percent_decoded('encoded'), "'%(25)+'", "'%'") }} as decoded_once
                    from (
                        select
                            value,
                            {{ replace_all(
                                replace_all('value', invisible_characters(), "''"), "'%(25)+'", "'%'"
                            ) }} as encoded
                        from {{ served }}
                    ) as visible
                ) as half_decoded
            ) as readable
        ) as plain
    ) as shortened
{%- endmacro %}

{# Marks that nobody sees, such as the one at the beginning of a file, and those that quote. #}
{% macro invisible_characters() -%}
    '[\p{Cf}"“”„«»]'
{%- endmacro %}
