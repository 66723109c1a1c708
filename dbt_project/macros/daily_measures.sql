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


{# The measures by the relation of int_measures_daily that has them. #}
{% macro measures_by_relation() -%}
    {{ return({
        'visits': ['sessions', 'page_views', 'engagement_seconds', 'codable_sessions', 'coded_sessions'],
        'advertised': [
            'impressions', 'clicks', 'spend_local', 'spend_eur', 'spend_eur_constant', 'spend_eur_constant_next'
        ],
        'pipeline': ['pipeline_local', 'pipeline_eur', 'pipeline_eur_constant'],
        'leads': [
            'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales', 'crm_leads', 'tracked_leads',
            'handed_over', 'accepted', 'followed_up', 'response_seconds'
        ],
        'deals': ['lost_deals', 'measured_cycles', 'cycle_seconds'],
        'revenue': [
            'sales_amount_local', 'sales_amount_eur', 'sales_amount_eur_constant', 'sales_amount_eur_constant_next',
            'recurring_amount_eur', 'one_off_amount_eur', 'new_customers', 'customer_amount_local',
            'customer_amount_eur', 'customer_amount_eur_constant'
        ] + credited_amounts()
    }) }}
{%- endmacro %}

{# The measures that a relation of int_measures_daily has, summed by locale, business line and day: `<relation>_summed`. #}
{% macro summed_by_day(relation) -%}
    select
        locale,
        business_line,
        date
        {%- for name in measures_by_relation()[relation] %},
        sum({{ name if name in daily_counts() else 'cast(' ~ name ~ ' as decimal(38, 12))' }}) as {{ name }}
        {%- endfor %}
    from {{ relation }}
    group by locale, business_line, date
{%- endmacro %}

{# A measure's column among all of `<relation>_summed`. #}
{% macro summed_measure(name) -%}
    {%- for relation, measures in measures_by_relation().items() if name in measures -%}
        {{ relation }}_summed.{{ name }}
    {%- endfor -%}
{%- endmacro %}


{# A relation with some of the measures `among` those of another as one with all of these: what it has not is NULL. #}
{% macro measured(relation, measures, among) -%}
    select
        locale,
        business_line,
        date
        {%- for name in measures_by_relation()[among] %}
        {%- set type = 'bigint' if name in daily_counts() else 'decimal(38, 12)' %},
        {{ name if name in measures else 'cast(null as ' ~ type ~ ') as ' ~ name }}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
