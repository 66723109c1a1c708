-- Every month of every locale with something in it, and of each kind of fact whether anything of it differs from what
-- the last build saw: a sum of hashes over all rows that marts count, from go-live to the as-of date. Marts that are
-- kept by month make again the months in which a fact they are made of has changed. What a month has lost all rows of
-- is there once more, without fingerprint.
{%- set facts = {
    'fct_stage_entries': 'entered_date',
    'fct_touch_credits': 'entered_date',
    'fct_deals': 'close_date',
    'int_leads_progressed': 'entered_date',
    'int_web_days_landed': 'session_date',
    'int_content_days_landed': 'content_date',
    'fct_touchpoints': 'touched_date',
    'fct_ads': 'date',
    'int_campaigns_reread': 'seen_date',
} %}
{%- set hashed = ['fct_stage_entries', 'fct_touch_credits', 'fct_touchpoints'] %}

with

held as (
    select * from {{ source('held', 'months') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

-- Days are few: it is faster to ask of a day whether it counts than of each row.
days as (
    {%- for fact, date in facts.items() %}
        select
            rows_of.locale,
            rows_of.{{ date }} as counted_date,
            '{{ fact }}' as fact,
            {{ 'sum(rows_of.row_hash)' if fact in hashed else sum_of_hashes('rows_of') }} as rows_hash
        from {{ ref(fact) }} as rows_of
        group by rows_of.locale, rows_of.{{ date }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

seen as (
    select
        days.locale,
        {{ month_of('days.counted_date') }} as month,
        days.fact,
        cast(sum(days.rows_hash) as varchar) as fingerprint
    from days
    inner join locales
        on days.locale = locales.locale
        and days.counted_date between locales.go_live_date and locales.as_of_date
    group by days.locale, {{ month_of('days.counted_date') }}, days.fact
),

final as (
    {{ compared_with_held(['locale', 'month', 'fact']) }}
)

select * from final
