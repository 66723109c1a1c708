{# What scorecards show: head KPIs with what they are compared with, and others by themselves. #}
{% macro compared_kpis() -%}
    {{ return([
        'sessions', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'sales_amount',
        'visitor_to_customer_rate'
    ]) }}
{%- endmacro %}

{% macro other_kpis() -%}
    {{ return([
        'session_to_first_identifier_rate', 'first_to_second_identifier_rate', 'second_identifier_to_mql_rate',
        'mql_to_sql_rate', 'sql_to_sale_rate', 'traffic_spend', 'cost_per_lead', 'cost_per_sale', 'win_rate',
        'average_deal_value', 'pipeline_value', 'lead_response_hours'
    ]) }}
{%- endmacro %}


{# The columns of a scorecard, of rows of mart_kpi_period (`kpis`) grouped by scope and period. #}
{% macro scorecard_columns(has_local_amounts=true) -%}
    {%- for kpi in compared_kpis() %}
        {{ scorecard_value(kpi, 'value') }} as {{ kpi }},
        {%- if kpi == 'sales_amount' %}
            {%- if has_local_amounts %}
        {{ scorecard_value(kpi, 'amount_local') }} as sales_amount_local,
            {%- endif %}
        {{ scorecard_value(kpi, 'amount_eur_constant') }} as sales_amount_eur_constant,
        {%- endif %}
        {{ scorecard_value(kpi, 'target_value') }} as {{ kpi }}_target,
        {%- if kpi == 'sales_amount' %}
        {{ scorecard_value(kpi, 'target_currency') }} as sales_amount_target_currency,
        {%- endif %}
        {{ scorecard_value(kpi, 'attainment_rate') }} as {{ kpi }}_attainment_rate,
        {{ scorecard_value(kpi, 'previous_year_to_date_value') }} as {{ kpi }}_previous_year,
        cast({{ scorecard_value(kpi, growth(kpi)) }} as decimal(38, 10)) as {{ kpi }}_change_rate,
        {%- if kpi == 'sales_amount' %}
        {{ scorecard_value(kpi, 'fx_effect_previous_year') }} as sales_amount_fx_effect,
        {{ scorecard_value(kpi, 'fx_effect_budget') }} as sales_amount_fx_effect_budget,
        {%- endif %}
    {%- endfor %}
    {%- for kpi in other_kpis() %}
        {{ scorecard_value(kpi, 'value') }} as {{ kpi }},
    {%- endfor %}
        max(is_provisional) as is_provisional,
        max(is_stale) as is_stale
{%- endmacro %}

{% macro scorecard_value(kpi, column) -%}
    max(case when kpi = '{{ kpi }}' then {{ column }} end)
{%- endmacro %}

{# Change since last year as a fraction, of money at the same rates; only where last year is whole. #}
{% macro growth(kpi) -%}
    {%- set now, before = 'value', 'previous_year_to_date_value' -%}
    {%- if kpi == 'sales_amount' -%}
        {%- set now, before = 'amount_eur_constant', 'previous_year_to_date_amount_eur_constant' -%}
    {%- endif -%}
    case when is_previous_year_whole then ({{ now }} - {{ before }}) / nullif({{ before }}, 0) end
{%- endmacro %}
