-- What people and their leads add to a day's measures: stages entered, leads that came in and those with a visitor's
-- client id, and leads handed over to sales with what sales has done about them by the end of the as-of date.
{{ config(materialized='view') }}

with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

handovers as (
    select * from {{ ref('fct_handovers') }}
),

locales as (
    {{ locales_with_ends() }}
),

entered as (
    select
        locale,
        business_line,
        entered_date as date,
    {%- for stage in ['first_identifier', 'second_identifier', 'mql', 'sql', 'sale'] %}
        count(case when stage = '{{ stage }}' then 1 end) as {{ stage }}s
        {{- "," if not loop.last }}
    {%- endfor %}
    from entries
    group by locale, business_line, entered_date
),

-- A lead that was merged into another is no lead of its own.
came_in as (
    select
        records.locale,
        records.business_line,
        records.created_date as date,
        count(*) as crm_leads,
        count(records.visitor_key) as tracked_leads
    from records
    where records.record_type = 'lead' and records.master_record_id is null
    group by records.locale, records.business_line, records.created_date
),

followed_up as (
    select
        handovers.locale,
        handovers.business_line,
        handovers.handed_over_date as date,
        count(*) as handed_over,
        count(case when handovers.accepted_at < locales.as_of_ends_at then 1 end) as accepted,
        count(case when handovers.first_activity_at < locales.as_of_ends_at then 1 end) as followed_up,
        sum(
            case
                when handovers.first_activity_at < locales.as_of_ends_at
                    then {{ dbt.datediff('handovers.handed_over_at', 'handovers.first_activity_at', 'second') }}
            end
        ) as response_seconds
    from handovers
    inner join locales on handovers.locale = locales.locale
    group by handovers.locale, handovers.business_line, handovers.handed_over_date
),

final as (
    {{ measured('entered', ['first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales'], 'leads') }}
    union all
    {{ measured('came_in', ['crm_leads', 'tracked_leads'], 'leads') }}
    union all
    {{ measured('followed_up', ['handed_over', 'accepted', 'followed_up', 'response_seconds'], 'leads') }}
)

select * from final
