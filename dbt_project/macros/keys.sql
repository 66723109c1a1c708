{#
    The key that a model declares (a constraint of type `primary_key`): no two rows share it, and none of it is NULL. Where
    one does, nothing of the model is changed. DuckDB's own keys are an index of every row, which costs more than the rows.

    Of a table that is kept from build to build, only the keys of what this build has made are looked at, if `meta.kept_by`
    says by what: `prospect_id`, or a day of a row's month, and `meta.months` in which model, if not in int_months, is said
    which months that are.
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
        {%- set months -%}
            select locale, month from {{ ref(config.get('meta').get('months', 'int_months')) }}
            where has_changed
        {%- endset -%}
        {{ is_of_month(months, 'locale', kept_by) }}
    {%- endif -%}
{%- endmacro %}
