-- What is not as it should be: what, where, since when, how unusual, whose. A signal keeps the name and the beginning
-- it was published with, also when corrected figures or a horizon that moves on would have it begin on another day.
{%- set scope = ['signal_kind', 'locale', 'kpi', 'subject', 'signal_direction'] %}

with

found as (
    select * from {{ ref('int_signals_found') }}
),

published as (
    select * from {{ source('published', 'signals') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

kpis as (
    select * from {{ source('config', 'kpis') }}
),

-- The same signal is one of the same scope that was published for the same days, or for days next to them.
matched as (
    select
        found.*,
        published.signal_id as published_signal_id,
        published.since_date as published_since_date,
        published.first_seen_date as published_first_seen_date,
        row_number() over (
            partition by
                {% for column in scope -%}
                    found.{{ column }},
                {% endfor -%}
                found.since_date
            order by published.since_date, published.signal_id
        ) as choice,
        row_number() over (partition by published.signal_id order by found.since_date) as claim
    from found
    left join published
        on {{ same('found', 'published', scope) }}
        and found.last_seen_date >= published.since_date
        and found.since_date
        <= {{ dbt.dateadd('day', 1, 'coalesce(published.recovered_date, published.last_seen_date)') }}
),

known as (
    select
        *,
        choice = 1 and claim = 1 and published_signal_id is not null as is_known
    from matched
    where choice = 1
),

named as (
    select
        known.*,
        case
            when known.is_known then known.published_signal_id
            else
                md5(concat_ws(
                    '|',
                    {% for column in scope -%}
                        known.{{ column }},
                    {% endfor -%}
                    known.since_date
                ))
        end as signal_id,
        case when known.is_known then least(known.since_date, known.published_since_date) else known.since_date end
            as first_date,
        case
            when known.is_known then least(known.first_seen_date, known.published_first_seen_date)
            else known.first_seen_date
        end as first_found_date
    from known
),

final as (
    select
        named.signal_id,
        named.signal_kind,
        named.locale,
        'all' as business_line,
        named.kpi,
        named.subject,
        named.signal_direction,
        named.signal_status,
        named.first_date as since_date,
        named.first_found_date as first_seen_date,
        named.last_seen_date,
        named.recovered_date,
        cast(named.actual_figure as decimal(38, 4)) as actual_figure,
        cast(named.expected_figure as decimal(38, 4)) as expected_figure,
        cast(named.figure_base as decimal(38, 4)) as figure_base,
        cast(named.actual_figure / nullif(named.expected_figure, 0) - 1 as decimal(38, 10)) as deviation_rate,
        case
            when named.signal_kind <> 'uncoded_spend' then cast(least(1 / greatest(named.chance, 1e-9), 1e9) as bigint)
        end as once_in_days,
        case
            when named.kpi = 'traffic_spend' or named.signal_kind = 'uncoded_spend' then locales.currency
        end as currency,
        {{ signal_in_words() }} as summary,
        locales.owner,
        kpis.owner_role,
        locales.as_of_date
    from named
    inner join locales on named.locale = locales.locale
    left join kpis on named.kpi = kpis.kpi
)

select * from final
