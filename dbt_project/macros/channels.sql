{#
    Each of `origins` (locale, source_served, medium_served, campaign_served and ga4_channel, distinct together;
    traffic_source, traffic_medium, campaign) with its channel: the locale's own rule, else Google's.
#}
{% macro channels_of(origins) -%}
    select
        considered.*,
        coalesce(own_channel, {{ default_channel_group() }}) as channel
    from (
        select
            origins.*,
            origins.traffic_source as source,
            origins.traffic_medium as medium,
            lower(origins.campaign) as campaign_name,
            coalesce(categories.source_category, '') as category,
            rules.channel as own_channel,
            row_number() over (
                partition by
                    origins.locale, origins.source_served, origins.medium_served, origins.campaign_served,
                    origins.ga4_channel
                order by rules.priority
            ) as choice
        from {{ origins }} as origins
        left join {{ ref('ga4_source_categories') }} as categories
            on origins.traffic_source = categories.traffic_source
        left join {{ source('config', 'channel_rules') }} as rules
            on origins.locale = rules.locale
            and origins.traffic_source = coalesce(rules.traffic_source, origins.traffic_source)
            and origins.traffic_medium = coalesce(rules.traffic_medium, origins.traffic_medium)
            and lower(origins.campaign) = coalesce(rules.campaign, lower(origins.campaign))
    ) as considered
    where choice = 1
{%- endmacro %}


{#
    Google's default channel group, of `source`, `medium` and `campaign_name` in small letters ("channel definitions
    aren't case sensitive") and the source's `category`. The quotations are from "[GA4] Default channel group",
    https://support.google.com/analytics/answer/9756891, "Channels for manual traffic" unless it says otherwise; the
    first that holds counts. Last come the words by which what no rule knows stays visible.
#}
{% macro default_channel_group() -%}
    {%- set is_paid = matches('medium', "'^(.*cp.*|ppc|retargeting|paid.*)$'") -%}
    {%- set is_shop = matches('campaign_name', "'^(.*(([^a-df-z]|^)shop|shopping).*)$'") -%}
    case
        -- Channels for Google Ads traffic: "Traffic is Google Ads AND Google Ads ad network type is one of ...". The
        -- network type is in no report beside these dimensions, so here it is what Google made of it.
        when
            source = 'google' and medium = 'cpc'
            and ga4_channel in (
                'Paid Search', 'Paid Video', 'Display', 'Cross-network', 'Paid Social', 'Paid Shopping'
            )
            then ga4_channel
        -- Direct: "Source exactly matches "(direct)" AND Medium is one of ("(not set)", "(none)")"
        when source = '(direct)' and medium in ('(not set)', '(none)') then 'Direct'
        -- Cross-network: "Campaign Name contains "cross-network""
        when campaign_name like '%cross-network%' then 'Cross-network'
        -- Paid Shopping: "(Source matches a list of shopping sites OR Campaign Name matches regex
        -- ^(.*(([^a-df-z]|^)shop|shopping).*)$) AND Medium matches regex ^(.*cp.*|ppc|retargeting|paid.*)$"
        when (category = 'shopping' or {{ is_shop }}) and {{ is_paid }}
            then 'Paid Shopping'
        -- Paid Search: "Source matches a list of search sites AND Medium matches regex
        -- ^(.*cp.*|ppc|retargeting|paid.*)$"
        when category = 'search' and {{ is_paid }} then 'Paid Search'
        -- Paid Social: "Source matches a regex list of social sites AND Medium matches regex
        -- ^(.*cp.*|ppc|retargeting|paid.*)$"
        when category = 'social' and {{ is_paid }} then 'Paid Social'
        -- Paid Video: "Source matches a list of video sites AND Medium matches regex
        -- ^(.*cp.*|ppc|retargeting|paid.*)$"
        when category = 'video' and {{ is_paid }} then 'Paid Video'
        -- Display: "Medium is one of ("display", "banner", "expandable", "interstitial", "cpm")"
        when medium in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'Display'
        -- Paid Other: "Medium matches regex ^(.*cp.*|ppc|retargeting|paid.*)$"
        when {{ is_paid }} then 'Paid Other'
        -- Organic Shopping: "Source matches a list of shopping sites OR Campaign name matches regex
        -- ^(.*(([^a-df-z]|^)shop|shopping).*)$"
        when category = 'shopping' or {{ is_shop }} then 'Organic Shopping'
        -- Organic Social: "Source matches a regex list of social sites OR Medium is one of ("social",
        -- "social-network", "social-media", "sm", "social network", "social media")"
        when
            category = 'social'
            or medium in ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
            then 'Organic Social'
        -- Organic Video: "Source matches a list of video sites OR Medium matches regex ^(.*video.*)$"
        when category = 'video' or medium like '%video%' then 'Organic Video'
        -- Organic Search: "Source matches a list of search sites OR Medium exactly matches organic"
        when category = 'search' or medium = 'organic' then 'Organic Search'
        -- Referral: "Medium is one of ("referral", "app", or "link")"
        when medium in ('referral', 'app', 'link') then 'Referral'
        -- Email: "Source = email|e-mail|e_mail|e mail OR Medium = email|e-mail|e_mail|e mail"
        when
            source in ('email', 'e-mail', 'e_mail', 'e mail') or medium in ('email', 'e-mail', 'e_mail', 'e mail')
            then 'Email'
        -- Affiliates: "Medium = affiliate"
        when medium = 'affiliate' then 'Affiliates'
        -- Audio: "Medium exactly matches audio"
        when medium = 'audio' then 'Audio'
        -- SMS: "Source exactly matches sms OR Medium exactly matches sms"
        when source = 'sms' or medium = 'sms' then 'SMS'
        -- Mobile Push Notifications: "Medium ends with "push" OR Medium contains "mobile" or "notification" OR Source
        -- exactly matches "firebase""
        when
            medium like '%push' or medium like '%mobile%' or medium like '%notification%' or source = 'firebase'
            then 'Mobile Push Notifications'
        -- Unassigned: "the value Analytics uses when there are no other channel rules that match the event data". It
        -- hides two things: that nothing is known, for one of several reasons, and that somebody tagged a link in words
        -- no rule has.
        when source in {{ unknown_members() }} and medium in ('(none)', '(not set)') then source
        when source in {{ unknown_members() }} and medium in {{ unknown_members() }} then medium
        when source = '(direct)' and medium in {{ unknown_members() }} then medium
        else 'unmapped'
    end
{%- endmacro %}
