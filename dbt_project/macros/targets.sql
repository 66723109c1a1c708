{#
    The figure a target is measured by: the value of a count or share, an amount in the currency of the target. In the
    reporting currency both are at the budget rate, so that a rate that moved is neither merit nor fault; last year's
    amounts at this year's (`constant`). Every branch is cast by itself: their common type would have the fewest digits
    of all, and a share needs more than money.
#}
{% macro in_targets_currency(figures, currency, constant='amount_eur_constant') -%}
    case
        when {{ currency }} is null then cast({{ figures }}.value as decimal(38, 10))
        when {{ currency }} = 'EUR' then cast({{ figures }}.{{ constant }} as decimal(38, 10))
        when {{ currency }} = {{ figures }}.currency then cast({{ figures }}.amount_local as decimal(38, 10))
    end
{%- endmacro %}


{# What a KPI's days add up to for a target in a currency, if it is not its value: euro at the budget rate, or an amount. #}
{% macro money_basis(currency) -%}
    case when {{ currency }} is null then 'value' when {{ currency }} = 'EUR' then 'constant' else {{ currency }} end
{%- endmacro %}

{% macro measured_in_basis(figures, money_basis) -%}
    case
        when {{ money_basis }} = 'value' then {{ figures }}.numerator
        when {{ money_basis }} = 'constant' then {{ figures }}.amount_eur_constant
        when {{ money_basis }} = {{ figures }}.currency then {{ figures }}.amount_local
    end
{%- endmacro %}


{#
    Whether a period of a KPI is the sum of its days, or the quotient of two such sums. What is open on a day, or counts
    people, is not; nor is money over something, in another currency than the euro.
#}
{% macro adds_up_over_days(kpis) -%}
    case
        when {{ kpis }}.denominator is null then {{ kpis }}.is_additive_over_days
        else
            {{ kpis }}.unit <> 'money'
            and {{ kpis }}.numerator not in ('return_visits', 'expected_amount', 'pipeline')
            and {{ kpis }}.denominator not in ('returning_users', 'mean_cycle_days')
    end
{%- endmacro %}


{#
    How a target stands. Its period over: `ahead` if it was reached, else `missed`. Still running, by the forecast:
    `ahead` if even the cautious end of the interval reaches it, `on_track` if the forecast does, else `at_risk`; without a
    forecast, by what was to be expected by now. Of a KPI that is better when lower, everything the other way round.
#}
{% macro attainment_status() -%}
    case
        when target_value is null then null
        when period_end <= as_of_date and direction * actual_value >= direction * target_value then 'ahead'
        when period_end <= as_of_date and actual_value is not null then 'missed'
        when least(direction * forecast_lower, direction * forecast_upper) >= direction * target_value then 'ahead'
        when direction * forecast_value >= direction * target_value then 'on_track'
        when forecast_value is not null then 'at_risk'
        when direction * actual_value >= direction * target_value * expected_share then 'on_track'
        when actual_value is not null then 'at_risk'
    end
{%- endmacro %}

{# Whether a target asks for more than three times, or less than a third of, what the last 52 weeks make likely. #}
{% macro is_unlikely() -%}
    case direction
        when 1 then target_value > 3 * likely_value
        else target_value < likely_value / 3
    end
{%- endmacro %}
