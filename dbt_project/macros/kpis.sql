{#
    The measures KPIs are made of, each with what it is of the sums of its level (`summed`). Counts are whole; times are in
    the unit of their KPI; money is rounded here, once, to euro cents. First those of `kpi_amounts()`.
#}
{% macro kpi_measures() -%}
    {%- set measures = {} -%}
    {%- for name in kpi_amounts() -%}
        {%- set amount = expected_amount('eur') if name == 'expected_amount' else 'summed.' ~ name ~ '_eur' -%}
        {%- do measures.update({name: round_to_minor_units(amount, '2')}) -%}
    {%- endfor -%}
    {%- for name in daily_counts() if name not in ('lost_deals', 'response_seconds', 'cycle_seconds') -%}
        {%- do measures.update({name: 'summed.' ~ name}) -%}
    {%- endfor -%}
    {%- do measures.update({
        'decided_deals': 'summed.sales + summed.lost_deals',
        'response_hours': 'summed.response_seconds / 3600.0',
        'cycle_days': 'summed.cycle_seconds / 86400.0',
        'mean_cycle_days': 'summed.cycle_seconds / 86400.0 / nullif(summed.measured_cycles, 0)',
        'return_visits': 'summed.sessions - users.new_users',
        'returning_users': 'users.total_users - users.new_users',
        'recurring_amount': round_to_minor_units('summed.recurring_amount_eur', '2'),
        'itemised_amount': round_to_minor_units('(summed.recurring_amount_eur + summed.one_off_amount_eur)', '2')
    }) -%}
    {%- for model in attribution_models_of_a_path() -%}
        {%- do measures.update({'credited_' ~ model: round_to_minor_units('summed.credited_' ~ model ~ '_eur', '2')}) -%}
    {%- endfor -%}
    {#- Put there afterwards, since figures are kept and this is another in every build (`credit_by_markov`). -#}
    {%- do measures.update({'credited_markov': '0'}) -%}
    {{ return(measures) }}
{%- endmacro %}

{# Money that a level's SQLs will bring, if as many of them are won as of those decided in the same period, and for as much. #}
{% macro expected_amount(amount) -%}
    {{ return(
        'summed.sqls * summed.sales_amount_' ~ amount ~ ' / nullif(summed.sales + summed.lost_deals, 0)'
    ) }}
{%- endmacro %}

{# The measures that are money and have values in the locale's currency and at budget rates, too: lists of their own. #}
{% macro kpi_amounts() -%}
    {{ return(['sales_amount', 'spend', 'pipeline', 'customer_amount', 'expected_amount']) }}
{%- endmacro %}


{#
    The KPIs of every locale with the places of their parts in the lists of figures; NULL where the locale has no such KPI,
    so that nothing is made of it.
#}
{% macro numbered_kpis() -%}
    select
        available.locale,
        available.availability,
        available.unavailable_reason,
        kpis.kpi,
        kpis.unit,
        kpis.is_from_web,
        kpis.denominator is not null as is_quotient,
        {{ is_by_markov('kpis') }} as is_by_markov
        {%- for part in ['numerator', 'denominator'] %},
        case
            when available.availability = 'not_available' then null
            {%- for measure in kpi_measures() %}
            when kpis.{{ part }} = '{{ measure }}' then {{ loop.index }}
            {%- endfor %}
        end as {{ part }}_number
        {%- endfor %}
    from {{ source('config', 'kpis') }} as kpis
    inner join {{ ref('int_kpis_available') }} as available on kpis.kpi = available.kpi
{%- endmacro %}


{#
    The value of a KPI of `numbered_kpis`, of a row's figures: one of them, or one over another; NULL over nothing. The
    numerator may be of a list of `amounts` instead. Both are cast, since DuckDB divides as floats: a sum must stay exact.
#}
{% macro kpi_value(figures, amounts=none) -%}
    {%- set numerator = figure(amounts or figures, 'kpis.numerator_number') -%}
    {%- set quotient = numerator ~ ' / nullif(' ~ figure(figures, 'kpis.denominator_number') ~ ', 0)' -%}
    case when kpis.is_quotient then cast({{ quotient }} as decimal(38, 10)) else cast({{ numerator }} as decimal(38, 10)) end
{%- endmacro %}


{# A KPI that is money, as an amount: NULL if it is none. DuckDB rounds in half the time that it takes to cast. #}
{% macro kpi_amount(figures, amounts=none) -%}
    cast(round(case when kpis.unit = 'money' then {{ kpi_value(figures, amounts) }} end, 4) as decimal(38, 4))
{%- endmacro %}
