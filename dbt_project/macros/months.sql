{#
    Pre-hook of a mart that is kept by locale and month, in `month`: months with something different go, and all of
    `also_model`. `changed_months` then lets no others in.
#}
{% macro forget_changed_months(month='month', also_model=none) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where
            (locale, {{ month }}) in (select (held.locale, held.month) from {{ ref('int_months') }} as held where held.has_changed)
            {{- " or model = '" ~ also_model ~ "'" if also_model }}
    {%- endif %}
{%- endmacro %}


{# A join that lets in only those rows of `relation`, or of an expression of its month, that a mart kept by month has to
    make; all, where it makes all. #}
{% macro changed_months(relation, month=none) -%}
    {#- Known to dbt when it parses, and not asked for where all months are made: a unit test need not give it. -#}
    {% if not execute or is_incremental() -%}
        inner join {{ ref('int_months') }} as changed_months
            on {{ relation }}.locale = changed_months.locale
            and {{ month or relation ~ '.month' }} = changed_months.month
            and changed_months.has_changed
    {%- endif %}
{%- endmacro %}


{# A number for all rows of a relation, which changes with any of them, in whatever order they are; as text. #}
{% macro sum_of_hashes(relation) -%}
    {{ return(adapter.dispatch('sum_of_hashes', 'trechter')(relation)) }}
{%- endmacro %}

{% macro duckdb__sum_of_hashes(relation) -%}
    cast(sum(hash({{ relation }})) as varchar)
{%- endmacro %}

{% macro default__sum_of_hashes(relation) -%}
    cast(sum(cast(xxhash64(struct({{ relation }}.*)) as decimal(38, 0))) as string)
{%- endmacro %}
