-- Which KPIs each locale has, and why it has not the others: a source that is not connected or has brought nothing yet,
-- or an attribution model that the locale does not offer. The total has what every live locale has, and partly what
-- some of them have.
with

kpi_sources as (
    select * from {{ source('config', 'kpi_sources') }}
),

windows as (
    select * from {{ source('landing', 'windows') }}
    where rows > 0
),

locales as (
    select * from {{ ref('mart_locales') }}
    where as_of_date is not null
),

streams as (
    select
        streams.source,
        streams.connector,
        streams.stream
    from (
        values
        ('google_analytics', 'ga4', 'sessions'),
        ('advertising', 'ga4', 'ads'),
        ('crm', 'salesforce', 'lead'),
        ('crm', 'salesforce', 'contact'),
        ('crm', 'salesforce', 'opportunity'),
        ('crm_activities', 'salesforce', 'task'),
        ('crm_activities', 'salesforce', 'event'),
        ('crm_lines', 'salesforce', 'opportunity_line_item')
    ) as streams (source, connector, stream)
),

landed as (
    select distinct
        windows.scope as locale,
        streams.source
    from windows
    inner join streams
        on windows.source = streams.connector
        and windows.stream = streams.stream
),

judged as (
    select
        kpi_sources.kpi,
        kpi_sources.locale,
        max(kpi_sources.unavailable_reason) as unavailable_reason,
        {{ dbt.listagg('case when landed.source is null then kpi_sources.source end', "', '",
            'order by kpi_sources.source') }} as silent_sources
    from kpi_sources
    inner join locales on kpi_sources.locale = locales.locale
    left join landed
        on kpi_sources.locale = landed.locale
        and kpi_sources.source = landed.source
    group by kpi_sources.kpi, kpi_sources.locale
),

by_locale as (
    select
        kpi,
        locale,
        coalesce(unavailable_reason, 'nothing_landed: ' || silent_sources) as unavailable_reason
    from judged
),

total as (
    select
        kpi,
        count(unavailable_reason) as without,
        count(*) as locales,
        count(distinct unavailable_reason) as reasons,
        max(unavailable_reason) as unavailable_reason,
        {{ dbt.listagg('case when unavailable_reason is not null then locale end', "', '", 'order by locale') }}
            as without_it
    from by_locale
    group by kpi
),

final as (
    select
        kpi,
        locale,
        case when unavailable_reason is null then 'available' else 'not_available' end as availability,
        unavailable_reason
    from by_locale

    union all

    select
        kpi,
        'total' as locale,
        case
            when without = 0 then 'available'
            when without < locales then 'partial'
            else 'not_available'
        end as availability,
        case when without = locales and reasons = 1 then unavailable_reason else 'not_in: ' || without_it end
            as unavailable_reason
    from total
)

select * from final
