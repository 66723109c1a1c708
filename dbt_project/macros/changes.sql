{#
    Pre-hook of a fact that is kept from build to build by prospect: the rows of every prospect this build works on go
    before its new ones are added (docs/architecture, Models).
#}
{% macro forget_changed_prospects() -%}
    {{ forget_those_in('prospect_id', ref('int_prospects_changed')) }}
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
    Pre-hook of a state kept by web day: days go whose landed rows are no longer those it was made of, with all that is
    new in them or gone from them. `landed_days` is the model that says what is landed, `date_column` this one's day.
#}
{% macro forget_changed_days(landed_days, date_column) -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where (locale, {{ date_column }}) in (
            select (made.locale, made.{{ date_column }})
            from ({{ days_made(date_column) }}) as made
            left join {{ ref(landed_days) }} as landed
                on made.locale = landed.locale
                and made.{{ date_column }} = landed.{{ date_column }}
                and made.source_hash = landed.source_hash
            where landed.locale is null
        )
    {%- endif %}
{%- endmacro %}


{# Of `landed_days`, a CTE, those that a state kept by web day has to make: after `forget_changed_days`, the missing ones. #}
{% macro days_to_make(landed_days, date_column) -%}
    select landed.*
    from {{ landed_days }} as landed
    {%- if is_incremental() %}
    left join ({{ days_made(date_column) }}) as made
        on landed.locale = made.locale
        and landed.{{ date_column }} = made.{{ date_column }}
    where made.locale is null
    {%- endif %}
{%- endmacro %}

{# The days a state kept by web day has. Few, and the only time that all of its rows are looked at. #}
{% macro days_made(date_column) -%}
    select distinct
        locale,
        {{ date_column }},
        source_hash
    from {{ this }}
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
