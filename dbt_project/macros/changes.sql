{#
    Pre-hook of a fact that is kept from build to build by prospect: the rows of every prospect this build works on go
    before its new ones are added (docs/architecture, Models). The largest facts keep each prospect's number, by which a
    few of them are found among all in a fifth of the time.
#}
{% macro forget_changed_prospects() -%}
    {{ forget_those_in('prospect_id', ref('int_prospects_changed')) }}
{%- endmacro %}

{% macro forget_changed_prospect_numbers() -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where prospect_number in (
            select {{ number_of_values(['changed.prospect_id']) }} from {{ ref('int_prospects_changed') }} as changed
        )
    {%- endif %}
{%- endmacro %}


{# Pre-hook of a state kept by an id: rows go whose `column` is in the column of that name of any of the relations. #}
{% macro forget_those_in(column) -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where
        {% for relation in varargs -%}
            {{ column }} in (select those.{{ column }} from {{ relation }} as those)
            {{- ' or ' if not loop.last }}
        {% endfor %}
    {%- endif %}
{%- endmacro %}


{#
    Pre-hook of a state kept by web day: days go whose rows come from anything else than those of `fact` did in the last
    build, with all that is new in them or gone from them. `date_column` is the day of a row. That nothing has changed
    before some day lets DuckDB pass over most rows; a pair in a list of pairs does not.
#}
{% macro forget_changed_days(fact, date_column) -%}
    {% if is_incremental() -%}
        {%- set changed_days -%}
            select locale, date from {{ ref('int_web_days_changed') }}
            where fact = '{{ fact }}' and has_changed
        {%- endset -%}
        delete from {{ this }}
        where
            {{ date_column }} >= (select min(changed.date) from ({{ changed_days }}) as changed)
            and (locale, {{ date_column }}) in (select (changed.locale, changed.date) from ({{ changed_days }}) as changed)
    {%- endif %}
{%- endmacro %}


{# The days that a state kept by web day, after `forget_changed_days`, has to make: of all that `landed_days` says are
    landed, those whose rows come from anything else. #}
{% macro days_to_make(fact, landed_days, date_column) -%}
    {#- Known to dbt when it parses, and not asked for where all days are made: a unit test need not give it. -#}
    {% if not execute or is_incremental() -%}
    select
        locale,
        date as {{ date_column }}
    from {{ ref('int_web_days_changed') }}
    where fact = '{{ fact }}' and has_changed and source_hash is not null
    {%- endif %}
    {% if not execute or not is_incremental() -%}
    select
        locale,
        {{ date_column }}
    from {{ ref(landed_days) }}
    {%- endif %}
{%- endmacro %}


{#
    Ids in `column` of the rows of a landed CRM stream that no build has read yet, qualified, as `id_name`.
#}
{% macro new_ids(stream, column, id_name) -%}
    select {{ qualified_id(column) }} as {{ id_name }}
    from {{ source('landing', 'salesforce__' ~ stream) }}
    where _is_new
{%- endmacro %}


{#
    The same of the records that have such rows, in all their versions: what they belong to now, and what before.
#}
{% macro new_ids_ever(stream, column, id_name) -%}
    select {{ qualified_id(column) }} as {{ id_name }}
    from {{ source('landing', 'salesforce__' ~ stream) }}
    where {{ qualified_id('id') }} in ({{ new_ids(stream, 'id', 'id') }})
{%- endmacro %}


{#
    Between `as` and the query of a CTE that is read more than once and is cheaper to make again than to keep: DuckDB
    would otherwise hold all of its rows, of which some readers want a few columns. Spark makes CTEs again by itself.
#}
{% macro not_kept() -%}
    {{ return(adapter.dispatch('not_kept', 'trechter')()) }}
{%- endmacro %}

{% macro duckdb__not_kept() -%}
    not materialized
{%- endmacro %}

{% macro default__not_kept() -%}
{%- endmacro %}
