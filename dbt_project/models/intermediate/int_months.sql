-- Every month of every locale with something in it, and of each kind of fact whether anything of it differs from what
-- the last build saw: a sum of hashes over all rows that marts count, from go-live to the as-of date. Marts that are
-- kept by month make again the months in which a fact they are made of has changed. What a month has lost all rows of
-- is there once more, without fingerprint.
{%- set facts = {
    'fct_touch_credits': 'entered_date',
    'fct_deals': 'close_date',
    'int_web_days_landed': 'session_date',
    'int_content_days_landed': 'content_date',
    'fct_touchpoints': 'touched_date',
    'fct_ads': 'date',
    'int_campaigns_reread': 'seen_date',
} %}
{%- set hashed = ['fct_touch_credits', 'fct_touchpoints'] %}

with

held as (
    select * from {{ source('held', 'months') }}
),

locales as (
    {{ locales_with_ends() }}
),

-- Entries are read once. A cycle is of each month in which it entered a stage. What became of leads
-- (`leads_progressed`) is the cycles that began in the month, and what was sold in them.
entered as (
    select
        locale,
        entered_date,
        stage = 'first_identifier' as is_lead,
        sum(row_hash) as rows_hash,
        sum(cycle_hash) as cycles_hash,
        max(cycle_last_at) as last_at
    from {{ ref('fct_stage_entries') }}
    group by locale, entered_date, stage = 'first_identifier'
),

-- Days are few: it is faster to ask of a day whether it counts than of each row.
days as (
    {%- for fact, date in facts.items() %}
        select
            rows_of.locale,
            rows_of.{{ date }} as counted_date,
            '{{ fact }}' as fact,
            {{ 'sum(rows_of.row_hash)' if fact in hashed else sum_of_hashes('rows_of') }} as rows_hash,
            cast(null as {{ dbt.type_timestamp() }}) as last_at
        from {{ ref(fact) }} as rows_of
        group by rows_of.locale, rows_of.{{ date }}
        union all
    {%- endfor %}
    {%- for fact, hash in [
        ('fct_stage_entries', 'rows_hash'), ('int_cycles_entered', 'cycles_hash'), ('leads_progressed', 'cycles_hash')
    ] %}
        select
            locale,
            entered_date as counted_date,
            '{{ fact }}' as fact,
            {{ hash }} as rows_hash,
            {{ 'cast(null as ' ~ dbt.type_timestamp() ~ ')' if hash == 'rows_hash' else 'last_at' }} as last_at
        from entered
        {{ 'where is_lead' if fact == 'leads_progressed' }}
        union all
    {%- endfor %}
    select
        sold.locale,
        sold.entered_date as counted_date,
        'leads_progressed' as fact,
        {{ sum_of_hashes('sold') }} as rows_hash,
        cast(null as {{ dbt.type_timestamp() }}) as last_at
    from {{ ref('int_leads_sold') }} as sold
    group by sold.locale, sold.entered_date
),

seen as (
    select
        days.locale,
        {{ month_of('days.counted_date') }} as month,
        days.fact,
        -- What a cycle comes to after the as-of date is counted when that has moved.
        concat_ws(
            '/',
            sum(days.rows_hash),
            case when max(days.last_at) >= max(locales.as_of_ends_at) then max(locales.as_of_date) end
        ) as fingerprint
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
