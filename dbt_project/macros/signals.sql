{#
    What is watched: (kind, KPI, what of it, relation, day, figure, what the figure is a part of), as
    `int_signal_figures` names relations and columns. A kind's rule is in python/signals/rules.py.
#}
{% macro watched_figures() -%}
    {% set watched = [
        ('kpi_deviation', 'key_events', 'event_name', 'key_events', 'date', 'key_events', '0'),
        ('kpi_deviation', 'clicks', "''", 'measures', 'date', 'clicks', '0'),
        ('kpi_deviation', 'traffic_spend', "''", 'measures', 'date', 'spend_local', '0'),
        ('uncoded_spend', 'campaign_coding_compliance', "''", 'ads', 'date',
            'case when not is_coded then amount_local else 0 end', 'case when is_coded is not null then amount_local end'),
        ('missing_follow_up', 'lead_response_hours', "''", 'handovers', 'first_activity_date', '1', '0'),
        ('late_follow_up', 'lead_response_hours', "''", 'due', 'date', 'late', '1'),
        ('tracking_coverage', 'tracking_coverage', "''", 'measures', 'date', 'tracked_leads', 'crm_leads'),
        ('lead_quality', 'mqls', 'campaign', 'bought', 'entered_date', '0', '1'),
        ('lead_quality', 'mqls', 'campaign', 'bought', 'exited_date', '1', '0')
    ] %}
    {% for kpi in ['sessions', 'first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales'] %}
        {% do watched.append(('kpi_deviation', kpi, "''", 'measures', 'date', kpi, '0')) %}
    {% endfor %}
    {{ return(watched) }}
{%- endmacro %}


{# A number as people write it, without digits behind the point. #}
{% macro in_figures(number) -%}
    cast(cast(round({{ number }}) as bigint) as varchar)
{%- endmacro %}


{# A signal in a sentence, of `named` (a signal's figures), `locales` and `kpis`: no name of a person is in any of it. #}
{% macro signal_in_words() -%}
    case named.signal_kind
        when 'kpi_deviation' then concat(
            coalesce(kpis.name, replace(named.kpi, '_', ' ')),
            case when named.subject <> '' then ' (' || named.subject || ')' else '' end,
            ': ', {{ in_figures('named.actual_figure') }}, ', where ', {{ in_figures('named.expected_figure') }},
            ' would be usual'
        )
        when 'missing_follow_up' then concat(
            'Sales was in touch with ', {{ in_figures('named.actual_figure') }}, ' of the leads handed over, where ',
            {{ in_figures('named.expected_figure') }}, ' would be usual'
        )
        when 'late_follow_up' then concat(
            {{ in_figures('named.actual_figure') }}, ' of ', {{ in_figures('named.figure_base') }},
            ' leads waited longer than agreed, where ', {{ in_figures('named.expected_figure') }}, ' would be usual'
        )
        when 'tracking_coverage' then concat(
            {{ in_figures('named.actual_figure') }}, ' of ', {{ in_figures('named.figure_base') }},
            ' leads have a visitor link, where ', {{ in_figures('named.expected_figure') }}, ' would be usual'
        )
        when 'lead_quality' then concat(
            'Campaign ', named.subject, ': ', {{ in_figures('named.actual_figure') }},
            ' of its leads were disqualified, where ', {{ in_figures('named.expected_figure') }}, ' would be usual'
        )
        when 'uncoded_spend' then concat(
            {{ in_figures('named.actual_figure') }}, ' of ', {{ in_figures('named.figure_base') }}, ' ', locales.currency,
            ' of advertising went to campaigns whose names do not follow head office''s code'
        )
    end
{%- endmacro %}


{# An instant moved by a number of hours. #}
{% macro plus_hours(instant, hours) -%}
    {{ return(adapter.dispatch('plus_hours', 'trechter')(instant, hours)) }}
{%- endmacro %}

{% macro duckdb__plus_hours(instant, hours) -%}
    {{ instant }} + to_hours({{ hours }})
{%- endmacro %}

{% macro default__plus_hours(instant, hours) -%}
    {{ instant }} + make_dt_interval(0, {{ hours }})
{%- endmacro %}
