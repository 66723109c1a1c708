-- Values of the CRM's market field that no locale claims and head office has not listed as unreported, with how many
-- rows of records have, or had, them. Such records are in no mart: a market's file must claim the value, or
-- `unreported` of the connection name it. Some fields are always left empty: that is worth a word from one row in a
-- hundred of an org. A warning, since one org's new picklist value must not keep the others from publishing.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_locales'}}}) }}
-- depends_on: {{ ref('mart_locales') }}

with

claimed as (
    select
        connection,
        source_value
    from {{ source('config', 'crm_locales') }}
    union
    select
        connection,
        source_value
    from {{ source('config', 'crm_unreported_values') }}
),

landed as (
    {%- for object in ['lead', 'contact', 'opportunity'] %}
        select
            _connection as connection,
            locale_value as source_value,
            count(*) as landed_rows
        from {{ source('landing', 'salesforce__' ~ object) }}
        where not is_deleted
        group by _connection, locale_value
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

summed as (
    select
        connection,
        source_value,
        sum(landed_rows) as landed_rows,
        sum(sum(landed_rows)) over (partition by connection) as all_landed_rows
    from landed
    group by connection, source_value
)

select
    summed.connection,
    summed.source_value,
    summed.landed_rows
from summed
left join claimed on {{ same('summed', 'claimed', ['connection', 'source_value']) }}
where
    claimed.connection is null
    and (summed.source_value is not null or 100 * summed.landed_rows > summed.all_landed_rows)
