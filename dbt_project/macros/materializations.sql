{#
    How models become tables. dbt's own ways for DuckDB build a table beside the one that is there, rename both and drop
    one, with a dozen questions to the catalog: that is for databases that cannot replace a table in one step. DuckDB
    can, inside a transaction, and readers of the working database there are none.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_python = model['language'] == 'python' -%}
    {%- if existing is not none and (is_python or not existing.is_table) -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}
    {%- call statement('main', language=model['language']) -%}
        {{ create_table_as(false, target, compiled_code, 'python') if is_python else replace_table(target, compiled_code) }}
    {%- endcall -%}
    {%- if is_python and is_published() -%}
        {%- call statement('room_for_build_id') -%}
            create or replace table {{ target }} as select cast(null as bigint) as build_id, * from {{ target }}
        {%- endcall -%}
    {%- endif -%}
    {{ check_key(target) }}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}

    {{ return({'relations': [target]}) }}
{%- endmaterialization %}


{#
    A table that is kept from build to build: a pre-hook takes rows away, and the model's are added, in one transaction.
    Made wholly where there is none, or all is to be built.
#}
{% materialization incremental, adapter='duckdb', supported_languages=['sql'] -%}
    {%- if config.get('unique_key') or config.get('incremental_strategy') -%}
        {%- do exceptions.raise_compiler_error("rows are taken away by a pre-hook: no unique_key, no strategy") -%}
    {%- endif -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and not existing.is_table -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        {{ add_rows(target, compiled_code) if is_incremental() else replace_table(target, compiled_code) }}
    {%- endcall -%}
    {{ check_key(target) }}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}

    {{ return({'relations': [target]}) }}
{%- endmaterialization %}


{# Marts are published as the file they are in. Their first column has room for the number they are published with. #}
{% macro is_published() -%}
    {{ return(this.database == 'marts') }}
{%- endmacro %}


{# What a contract declares is checked before, and is what the table is made with. #}
{% macro replace_table(relation, sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
        create or replace table {{ relation }}
        (
            {{ 'build_id bigint,' if is_published() }}
            {{ adapter.render_raw_columns_constraints(raw_columns=model['columns']) | join(', ') }}
        );
        insert into {{ relation }} {{ get_column_names() }} (
            {{ get_select_subquery(sql) }}
        );
    {%- else -%}
        create or replace table {{ relation }} as
        select {{ 'cast(null as bigint) as build_id, ' if is_published() }}* from (
            {{ sql }}
        );
    {%- endif -%}
{%- endmacro %}


{# By name; fails where the model's columns are not the table's: one that came is one too many, one that went is missing. #}
{% macro add_rows(relation, sql) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | rejectattr('name', 'equalto', 'build_id')
        | map(attribute='quoted') | join(', ') -%}
    insert into {{ relation }} ({{ columns }})
    select {{ columns }}, * exclude ({{ columns }}) from (
        {{ sql }}
    )
{%- endmacro %}


{#
    Ends a model that is kept from build to build: a build of everything puts its rows in the order of what they are kept
    by. Rows that are made again then lie together: they are found without looking at others, and when they have gone
    DuckDB need not put together what is left between them (that took more than writing the new ones).
#}
{% macro in_order_of(columns) -%}
    {%- if not is_incremental() -%}
        order by {{ columns }}
    {%- endif -%}
{%- endmacro %}
