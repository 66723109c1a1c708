{# The measures every head KPI is made of: a KPI of config.kpis names one as numerator and, if a rate, one as denominator. #}
{% macro measures() -%}
    {{ return(['sessions', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'sales_amount']) }}
{%- endmacro %}


{# The stages a prospect can enter, in the order of the funnel: `stages (stage, stage_rank)`. #}
{% macro funnel_stages() -%}
    (
        values
        ('first_identifier', 1),
        ('second_identifier', 2),
        ('mql', 3),
        ('sql', 4),
        ('sale', 5)
    ) as stages (stage, stage_rank)
{%- endmacro %}


{# Whether the last who can have entered a stage in a month has had that many days since. #}
{% macro is_mature(month, days, as_of_date) -%}
    cast({{ dbt.dateadd('day', days, last_day_of(month)) }} as date) <= {{ as_of_date }}
{%- endmacro %}


{# Post-hook of mart_funnel_cohorts: which of the cohorts that are kept have matured. #}
{% macro cohorts_mature() -%}
    {% if not execute or is_incremental() -%}
        update {{ this }} as held
        set
        {%- for days in [30, 90, 180] %}
            is_mature_{{ days }} = {{ is_mature('held.cohort_month', days, 'locales.as_of_date') }}
            {{- "," if not loop.last }}
        {%- endfor %}
        from {{ ref('mart_locales') }} as locales
        where held.locale = locales.locale
    {%- endif %}
{%- endmacro %}
