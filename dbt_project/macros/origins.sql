{#
    The distinct `served` (locale, source_served, medium_served, campaign_served, ga4_channel), read: source, medium and
    campaign in one spelling, the channel, and whether the campaign has one of head office's codes where it needs one.
#}
{% macro origins_read(served) -%}
    with

    tags as (
        select source_served as value
        from {{ served }}
        union
        select medium_served as value
        from {{ served }}
        union
        select campaign_served as value
        from {{ served }}
    ),

    spelled as (
        {{ normal_values_of('tags') }}
    ),

    names as (
        select distinct spelled.normal_value as name
        from {{ served }} as served
        inner join spelled on served.campaign_served = spelled.value
    ),

    codes as (
        {{ campaign_codes_of('names') }}
    ),

    normal as (
        select
            served.*,
            sources.normal_value as traffic_source,
            mediums.normal_value as traffic_medium,
            -- A code is written in capitals, all else in small letters.
            coalesce(codes.code_code, campaigns.normal_value) as campaign,
            codes.code_code as campaign_code,
            codes.code_business_line,
            coalesce(codes.is_valid, false) as has_valid_code
        from {{ served }} as served
        inner join spelled as sources on served.source_served = sources.value
        inner join spelled as mediums on served.medium_served = mediums.value
        inner join spelled as campaigns on served.campaign_served = campaigns.value
        left join codes on campaigns.normal_value = codes.name
    ),

    grouped as (
        {{ channels_of('normal') }}
    ),

    exempted as (
        select distinct
            grouped.source_served,
            grouped.medium_served,
            grouped.campaign_served
        from grouped
        inner join {{ source('config', 'campaign_coding_exemptions') }} as exempt
            on grouped.traffic_source = coalesce(exempt.traffic_source, grouped.traffic_source)
            and grouped.traffic_medium = coalesce(exempt.traffic_medium, grouped.traffic_medium)
            and lower(grouped.campaign) = coalesce(exempt.campaign, lower(grouped.campaign))
    )

    select
        grouped.locale,
        grouped.source_served,
        grouped.medium_served,
        grouped.campaign_served,
        grouped.ga4_channel,
        grouped.traffic_source,
        grouped.traffic_medium,
        grouped.campaign,
        grouped.campaign_code,
        grouped.code_business_line,
        grouped.channel,
        case
            when coded.channel is not null and exempted.source_served is null then grouped.has_valid_code
        end as is_coded
    from grouped
    left join {{ source('config', 'coded_channels') }} as coded on grouped.channel = coded.channel
    left join exempted
        on {{ same('grouped', 'exempted', ['source_served', 'medium_served', 'campaign_served']) }}
{%- endmacro %}


{# That two relations speak of the same traffic, in the words in which GA4 served it. #}
{% macro same_origin(one, other) -%}
    {{ same(one, other, ['locale', 'source_served', 'medium_served', 'campaign_served', 'ga4_channel']) }}
{%- endmacro %}
