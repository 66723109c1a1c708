{# A rate of change as words: `12.5 %`, or `any %` where there is none to tell. #}
{% macro as_percent(rate) -%}
    coalesce(cast(round(100 * {{ rate }}, 1) as varchar), 'any') || ' %'
{%- endmacro %}


{# A probability as words: `0.012`, `less than 0.001`. #}
{% macro as_chance(p) -%}
    case when {{ p }} < 0.001 then 'less than 0.001' else cast(round({{ p }}, 3) as varchar) end
{%- endmacro %}


{# What a row of `judged` says, for who reads no statistics. `experiments` has its last day. #}
{% macro verdict_in_words(judged, experiments) -%}
    {%- set span -%}
        case
            when {{ judged }}.lift_low is null then ''
            else ' (from ' || {{ as_percent(judged ~ '.lift_low') }} || ' to ' || {{ as_percent(judged ~ '.lift_high') }} || ')'
        end
    {%- endset -%}
    {%- set differ -%}
        case
            when {{ judged }}.heterogeneity_p_value < 0.05
                then ' Countries differ in this more than by chance: look at each.'
            else ''
        end
    {%- endset -%}
    case {{ judged }}.verdict
        when 'not_started' then 'Nobody has seen it yet.'
        when 'split_is_wrong'
            then 'Do not trust it: visitors were not split as meant (chance '
                || {{ as_chance(judged ~ '.sample_ratio_p_value') }} || '). Find out where some were lost.'
        when 'control' then 'What the others are compared with.'
        when 'running'
            then 'Not to be decided before ' || cast({{ experiments }}.counted_to_date as varchar) || ' is over.'
        when 'too_few' then 'Too few conversions to tell.'
        when 'no_difference_shown'
            then 'No difference from ' || {{ judged }}.control || ' is shown: a change of ' || {{ as_percent(judged ~ '.lift') }}
                || {{ span }} || ' may be luck, with a chance of '
                || {{ as_chance(judged ~ '.p_value_adjusted') }} || '.' || {{ differ }}
        when 'better'
            then 'Better than ' || {{ judged }}.control || ': ' || {{ as_percent(judged ~ '.lift') }}
                || ' more conversions' || {{ span }} || ', by luck with a chance of '
                || {{ as_chance(judged ~ '.p_value_adjusted') }} || '.' || {{ differ }}
        when 'worse'
            then 'Worse than ' || {{ judged }}.control || ': ' || {{ as_percent('-' ~ judged ~ '.lift') }}
                || ' fewer conversions' || {{ span }} || ', by luck with a chance of '
                || {{ as_chance(judged ~ '.p_value_adjusted') }} || '.' || {{ differ }}
    end
{%- endmacro %}
