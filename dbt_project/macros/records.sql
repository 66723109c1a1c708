{# A CRM Id is unique in its org only; qualified by the connection it is unique in the warehouse. #}
{% macro qualified_id(column) -%}
    {{ column }} || '@' || _connection
{%- endmacro %}


{#
    The newest version of every record of a landed CRM relation: by SystemModstamp, then by load order; should two
    rows still tie, by a hash of their content, so that the choice never depends on file order. With `among`, only of
    the records whose qualified `of` is one of the ids that query gives: those this build works on.
#}
{% macro newest_versions(relation, of='id', among=none) -%}
    select *
    from (
        select
            *,
            row_number() over (
                partition by _connection, id
                order by system_modstamp desc, _load_seq desc, {{ row_hash('versions') }}
            ) as version_rank
        from {{ relation }} as versions
        {%- if among is not none %}
        where {{ qualified_id(of) }} in ({{ among }})
        {%- endif %}
    ) as ranked
    where version_rank = 1
{%- endmacro %}

{% macro row_hash(alias) -%}
    {{ return(adapter.dispatch('row_hash', 'trechter')(alias)) }}
{%- endmacro %}

{% macro duckdb__row_hash(alias) -%}
    hash({{ alias }})
{%- endmacro %}

{% macro default__row_hash(alias) -%}
    xxhash64(to_json(struct({{ alias }}.*)))
{%- endmacro %}
