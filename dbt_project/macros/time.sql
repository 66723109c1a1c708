{# The business day of an instant: its date in the given time zone. A CRM DATE never goes through here. #}
{% macro local_date(instant, zone) -%}
    {{ return(adapter.dispatch('local_date', 'trechter')(instant, zone)) }}
{%- endmacro %}

{% macro duckdb__local_date(instant, zone) -%}
    cast(timezone({{ zone }}, {{ instant }}) as date)
{%- endmacro %}

{% macro default__local_date(instant, zone) -%}
    cast(from_utc_timestamp({{ instant }}, {{ zone }}) as date)
{%- endmacro %}


{# The instant at which clocks in the given time zone show a date's midnight or a wall-clock timestamp. #}
{% macro instant_of_local(wall_clock, zone) -%}
    {{ return(adapter.dispatch('instant_of_local', 'trechter')(wall_clock, zone)) }}
{%- endmacro %}

{% macro duckdb__instant_of_local(wall_clock, zone) -%}
    timezone({{ zone }}, cast({{ wall_clock }} as timestamp))
{%- endmacro %}

{% macro default__instant_of_local(wall_clock, zone) -%}
    to_utc_timestamp(cast({{ wall_clock }} as timestamp), {{ zone }})
{%- endmacro %}


{# An instant moved by a number of 24-hour days, which may be negative (never by calendar days of some zone). #}
{% macro plus_days_of_24_hours(instant, days) -%}
    {{ return(adapter.dispatch('plus_days_of_24_hours', 'trechter')(instant, days)) }}
{%- endmacro %}

{% macro duckdb__plus_days_of_24_hours(instant, days) -%}
    {{ instant }} + to_hours(24 * ({{ days }}))
{%- endmacro %}

{% macro default__plus_days_of_24_hours(instant, days) -%}
    {{ instant }} + make_dt_interval({{ days }})
{%- endmacro %}


{# Days of 24 hours from one instant to another, as a fraction. #}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between', 'trechter')(earlier, later)) }}
{%- endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
    (epoch({{ later }}) - epoch({{ earlier }})) / 86400.0
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    (unix_micros({{ later }}) - unix_micros({{ earlier }})) / 86400000000.0
{%- endmacro %}


{#
    The days of each row of `locales`, which has a time zone, from a first date on to the one after a last, and the instant
    each begins at. An instant's business day is the last that has begun (`asof join`): with few days and many instants
    of several zones, that takes a quarter of the time of `local_date`. Where clocks show a midnight twice, the
    first counts; where none, the instant they leap.
#}
{% macro days_begun(locales, first_date, last_date) -%}
    select
        days.locale,
        days.date,
        least(
            {{ instant_of_local('days.date', 'days.time_zone') }},
            {{ instant_of_local("cast(days.date as timestamp) - interval '1' second", 'days.time_zone') }}
            + interval '1' second
        ) as begins_at
    from (
        select
            locale,
            time_zone,
            {{ each_day(first_date, dbt.dateadd('day', 1, last_date)) }} as date
        from {{ locales }}
    ) as days
{%- endmacro %}


{# All locales with the instant at which their as-of date is over: what happened later is not counted yet. #}
{% macro locales_with_ends() -%}
    select
        *,
        {{ instant_of_local(dbt.dateadd('day', 1, 'as_of_date'), 'time_zone') }} as as_of_ends_at
    from {{ ref('mart_locales') }}
{%- endmacro %}
