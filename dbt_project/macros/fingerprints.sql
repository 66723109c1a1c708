{#
    A number for a row of a relation, which changes with any of its values. Large facts that are kept from build to build
    keep it as `row_hash`: another version of DuckDB may have other numbers, and then all is built (what_changed.py).
#}
{% macro hash_of_row(relation) -%}
    {{ return(adapter.dispatch('hash_of_row', 'trechter')(relation)) }}
{%- endmacro %}

{% macro duckdb__hash_of_row(relation) -%}
    hash({{ relation }})
{%- endmacro %}

{% macro default__hash_of_row(relation) -%}
    cast(xxhash64(struct({{ relation }}.*)) as decimal(38, 0))
{%- endmacro %}

{# A number for all rows of a relation, which changes with any of them, in whatever order they are. #}
{% macro sum_of_hashes(relation) -%}
    sum({{ hash_of_row(relation) }})
{%- endmacro %}


{#
    What `seen` (keys, `fingerprint`) and `held`, the same as the last build saw it, come to: each key there is, and whether
    it differs. One that has lost everything is there once more, without fingerprint.
#}
{% macro compared_with_held(keys, fingerprint='fingerprint') -%}
    select
    {%- for key in keys %}
        coalesce(seen.{{ key }}, held.{{ key }}) as {{ key }},
    {%- endfor %}
        seen.{{ fingerprint }},
        coalesce(seen.{{ fingerprint }} <> held.{{ fingerprint }}, true) as has_changed
    from seen
    full join held on {{ same('seen', 'held', keys) }}
    where seen.{{ fingerprint }} is not null or held.{{ fingerprint }} is not null
{%- endmacro %}
