{# A number for all rows of a relation, which changes with any of them, in whatever order they are. #}
{% macro sum_of_hashes(relation) -%}
    {{ return(adapter.dispatch('sum_of_hashes', 'trechter')(relation)) }}
{%- endmacro %}

{% macro duckdb__sum_of_hashes(relation) -%}
    sum(hash({{ relation }}))
{%- endmacro %}

{% macro default__sum_of_hashes(relation) -%}
    sum(cast(xxhash64(struct({{ relation }}.*)) as decimal(38, 0)))
{%- endmacro %}


{#
    What `seen` (keys, fingerprint) and `held`, the same as the last build saw it, come to: each key there is, and whether
    it differs. One that has lost everything is there once more, without fingerprint.
#}
{% macro compared_with_held(keys) -%}
    select
    {%- for key in keys %}
        coalesce(seen.{{ key }}, held.{{ key }}) as {{ key }},
    {%- endfor %}
        seen.fingerprint,
        coalesce(seen.fingerprint <> held.fingerprint, true) as has_changed
    from seen
    full join held on {{ same('seen', 'held', keys) }}
    where seen.fingerprint is not null or held.fingerprint is not null
{%- endmacro %}
