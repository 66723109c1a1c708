-- How this build reads the name and code of each campaign, and whether the last one read them otherwise, which it did
-- nowhere if there was none. A campaign that is gone is there once more, without reading.
{%- set code_parts = ['campaign_code', 'locale', 'business_line', 'code_year', 'code_quarter', 'code_type'] %}

with

held as (
    select * from {{ source('held', 'campaigns') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

was_built as (
    select count(*) > 0 as has_readings
    from held
),

readings as (
    select
        campaign,
        md5(
            concat_ws(
                '|', is_campaign, has_valid_code
                {%- for part in code_parts -%}
                    , coalesce(cast({{ part }} as varchar), '')
                {%- endfor -%}
            )
        ) as reading
    from campaigns
),

final as (
    select
        coalesce(readings.campaign, held.campaign) as campaign,
        readings.reading,
        was_built.has_readings and coalesce(readings.reading <> held.reading, true) as has_changed
    from readings
    full join held on readings.campaign = held.campaign
    cross join was_built
    where readings.reading is not null or held.reading is not null
)

select * from final
