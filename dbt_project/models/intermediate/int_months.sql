-- Every month of every locale with something in it, and whether anything of it differs from what the last build saw:
-- a sum of hashes over all rows that marts count, from go-live to the as-of date. Marts that are kept by month make
-- these months again, and no others. A month that has lost all of its rows is there once more, without fingerprint.
{%- set facts = {
    'fct_stage_entries': 'entered_date',
    'fct_touch_credits': 'entered_date',
    'fct_deals': 'close_date',
    'int_leads_progressed': 'entered_date',
    'int_web_days_landed': 'session_date',
    'int_content_days_landed': 'content_date',
} %}

with

held as (
    select * from {{ source('held', 'months') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

hashed as (
    {%- for fact, date in facts.items() %}
        select
            rows_of.locale,
            {{ month_of('rows_of.' ~ date) }} as month,
            '{{ fact }}' as fact,
            {{ sum_of_hashes('rows_of') }} as rows_hash
        from {{ ref(fact) }} as rows_of
        inner join locales
            on rows_of.locale = locales.locale
            and rows_of.{{ date }} between locales.go_live_date and locales.as_of_date
        group by rows_of.locale, {{ month_of('rows_of.' ~ date) }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

seen as (
    select
        locale,
        month,
        {{ dbt.listagg("fact || ' ' || rows_hash", "', '", 'order by fact') }} as fingerprint
    from hashed
    group by locale, month
),

final as (
    select
        coalesce(seen.locale, held.locale) as locale,
        coalesce(seen.month, held.month) as month,
        seen.fingerprint,
        coalesce(seen.fingerprint <> held.fingerprint, true) as has_changed
    from seen
    full join held
        on seen.locale = held.locale
        and seen.month = held.month
    where seen.fingerprint is not null or held.fingerprint is not null
)

select * from final
