{#
    What is counted by day, and what money is summed by day. A KPI of config.kpis is one of `kpi_measures()`, or one over
    another: these sums, or what is worked out of them at the level that is shown (docs/semantics, KPIs).
#}
{% macro daily_counts() -%}
    {{ return([
        'sessions', 'page_views', 'engagement_seconds', 'codable_sessions', 'coded_sessions', 'impressions', 'clicks',
        'crm_leads', 'tracked_leads', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'lost_deals',
        'handed_over', 'followed_up', 'response_seconds', 'accepted', 'measured_cycles', 'cycle_seconds', 'new_customers'
    ]) }}
{%- endmacro %}

{% macro daily_amounts() -%}
    {%- set names = [] -%}
    {%- for amount in ['sales_amount', 'spend', 'pipeline', 'customer_amount'] -%}
        {%- do names.extend([amount ~ '_local', amount ~ '_eur', amount ~ '_eur_constant']) -%}
    {%- endfor -%}
    {%- do names.extend(['sales_amount_eur_constant_next', 'spend_eur_constant_next']) -%}
    {%- do names.extend(['recurring_amount_eur', 'one_off_amount_eur']) -%}
    {{ return(names + credited_amounts()) }}
{%- endmacro %}

{# What is summed by period: all of these but what Markov's fit credits, which is another in every build. #}
{% macro measures_kept() -%}
    {{ return((daily_counts() + daily_amounts()) | reject('equalto', 'credited_markov_eur') | list) }}
{%- endmacro %}

{# Of sales, what each attribution model credits to paid channels. #}
{% macro credited_amounts() -%}
    {%- set names = [] -%}
    {%- for model in attribution_models() -%}
        {%- do names.append('credited_' ~ model ~ '_eur') -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}


{# A relation with some of the daily sums as one with all of them: what it does not measure is NULL and adds nothing. #}
{% macro measured(relation, measures) -%}
    select
        locale,
        business_line,
        date
        {%- for name in daily_counts() %},
        {% if name in measures %}{{ name }}{% else %}cast(null as bigint) as {{ name }}{% endif %}
        {%- endfor %}
        {%- for name in daily_amounts() %},
        {% if name in measures %}{{ name }}{% else %}cast(null as decimal(38, 12)) as {{ name }}{% endif %}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
