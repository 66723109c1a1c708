{#
    Pre-hook of a mart that is kept by locale and month, of which `day` is a day: months go in which one of `facts`, those
    that the mart is made of, is different. `counted_days` then lets no others in. A mart that says something
    `of_all_locales` together is kept by month alone.
#}
{% macro forget_changed_months(facts, day='month', of_all_locales=false) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        {% if of_all_locales -%}
        where {{ day }} in (select changed.month from ({{ months_changed(facts) }}) as changed)
        {%- else -%}
        where {{ is_of_changed_month(facts, 'locale', day) }}
        {%- endif %}
    {%- endif %}
{%- endmacro %}


{# Pre-hook of one that also has Markov's credit, whose fit is of every build. Asked for apart, so that only the months
    that differ are looked at for the rest. #}
{% macro forget_markov() -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }} where model = 'markov'
    {%- endif %}
{%- endmacro %}


{# Pre-hook of a mart that is kept by fiscal year, which begins on `period_start`. #}
{% macro forget_changed_years(facts) -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where {{ is_of_changed_year(facts, 'locale', 'period_start') }}
    {%- endif %}
{%- endmacro %}
