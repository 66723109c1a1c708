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
    The key that a model declares (a constraint of type `primary_key`): no two rows share it, and none of it is NULL. Where
    one does, nothing of the model is changed. DuckDB's own keys are an index of every row, which costs more than the rows.

    Of a table that is kept from build to build, only the keys of what this build has made are looked at, if `meta.kept_by`
    says by what: `prospect_id`, or the month of a row, and `meta.months` in which model, if not in int_months, that is
    known.
#}
{% macro check_key(relation) -%}
    {%- for key in model['constraints'] | selectattr('type', 'equalto', 'primary_key') -%}
        {%- set columns = key['columns'] | join(', ') -%}
        {%- set kept_by = config.get('meta', {}).get('kept_by') if is_incremental() -%}
        {%- call statement('key') -%}
            select case when count(*) > 0 then error(
                count(*) || ' keys ({{ columns }}) are NULL or of more than one row of {{ relation.identifier }}'
            ) end
            from (
                select {{ columns }} from {{ relation }}
                {{ 'where ' ~ is_made(kept_by, relation, columns) if kept_by }}
                group by {{ columns }}
                having count(*) > 1 or {{ key['columns'] | join(' is null or ') }} is null
            )
        {%- endcall -%}
    {%- endfor -%}
{%- endmacro %}

{% macro is_made(kept_by, relation, columns) -%}
    {%- if kept_by == 'prospect_id' -%}
        ({{ columns }}) in (
            select ({{ columns }}) from {{ relation }}
            where prospect_id in (select changed.prospect_id from {{ ref('int_prospects_changed') }} as changed)
        )
    {%- else -%}
        (locale, {{ kept_by }}) in (
            select (made.locale, made.month)
            from {{ ref(config.get('meta').get('months', 'int_months')) }} as made
            where made.has_changed
        )
    {%- endif -%}
{%- endmacro %}
