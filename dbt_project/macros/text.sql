{# Whether a text contains a match of a regular expression (RE2's: the common ground of databases). #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'trechter')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    {{ text }} rlike {{ pattern }}
{%- endmacro %}


{# A text with every match of a regular expression (RE2's) replaced. #}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all', 'trechter')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}


{# A text with its percent-encoded bytes decoded, once; as it is when they are no UTF-8. #}
{% macro percent_decoded(text) -%}
    {{ return(adapter.dispatch('percent_decoded', 'trechter')(text)) }}
{%- endmacro %}

{% macro duckdb__percent_decoded(text) -%}
    coalesce(try(url_decode({{ text }})), {{ text }})
{%- endmacro %}

{% macro default__percent_decoded(text) -%}
    coalesce(try_url_decode({{ text }}), {{ text }})
{%- endmacro %}


{# A text in small letters, and each letter with its accents as one character (Unicode's form C). #}
{% macro in_small_letters(text) -%}
    {{ return(adapter.dispatch('in_small_letters', 'trechter')(text)) }}
{%- endmacro %}

{% macro duckdb__in_small_letters(text) -%}
    nfc_normalize(lower(nfc_normalize({{ text }})))
{%- endmacro %}

{% macro default__in_small_letters(text) -%}
    lower({{ text }})
{%- endmacro %}


{# The one text that a list with commas repeats, or NULL when its items differ. #}
{% macro repeated_item(text) -%}
    {{ return(adapter.dispatch('repeated_item', 'trechter')(text)) }}
{%- endmacro %}

{% macro duckdb__repeated_item(text) -%}
    case
        when len(list_distinct(regexp_split_to_array({{ text }}, ' ?, ?'))) = 1
            then regexp_split_to_array({{ text }}, ' ?, ?')[1]
    end
{%- endmacro %}

{% macro default__repeated_item(text) -%}
    case when size(array_distinct(split({{ text }}, ' ?, ?'))) = 1 then split({{ text }}, ' ?, ?')[0] end
{%- endmacro %}
