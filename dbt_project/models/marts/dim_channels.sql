-- The channels that traffic, and answers to campaigns, come by: those of Google's default channel group, what stands
-- for traffic no rule knows, and a channel for each type of campaign in the CRM.
with

crm_campaigns as (
    select * from {{ ref('stg_salesforce__campaigns') }}
),

web_channels as (
    select * from {{ web_channel_rows() }}
),

campaign_types as (
    select distinct campaign_type
    from crm_campaigns
    where campaign_type is not null
),

final as (
    select
        channel,
        'web' as channel_source,
        is_paid,
        is_marketing,
        sort_order
    from web_channels

    union all

    select
        'Campaign: ' || campaign_type as channel,
        'crm' as channel_source,
        false as is_paid,
        true as is_marketing,
        cast(100 + row_number() over (order by campaign_type) as integer) as sort_order
    from campaign_types

    union all

    select
        'unattributed' as channel,
        cast(null as varchar) as channel_source,
        false as is_paid,
        false as is_marketing,
        1000 as sort_order
)

select * from final
