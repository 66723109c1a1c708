-- Campaigns by name, as the CRM and the web spell it, with what head office's code says of those that follow it. The
-- same campaign spelled in two ways is two rows with one `campaign_code`.
with

crm_campaigns as (
    select * from {{ ref('stg_salesforce__campaigns') }}
),

visited as (
    select * from {{ ref('int_campaigns_visited') }}
),

ads as (
    select * from {{ ref('fct_ads') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

in_crm as (
    select
        campaign,
        count(*) as crm_campaigns,
        case when min(campaign_type) = max(campaign_type) then min(campaign_type) end as campaign_type,
        min(start_date) as start_date,
        max(end_date) as end_date,
        max(campaign_code) as campaign_code
    from crm_campaigns
    where campaign is not null
    group by campaign
),

on_web as (
    select
        campaign,
        min(first_session_date) as first_session_date,
        max(last_session_date) as last_session_date
    from visited
    group by campaign
),

in_ads as (
    select
        campaign,
        min(date) as first_ad_date,
        max(date) as last_ad_date
    from ads
    group by campaign
),

seen as (
    select
        coalesce(on_web.campaign, in_ads.campaign) as campaign,
        on_web.first_session_date,
        on_web.last_session_date,
        in_ads.first_ad_date,
        in_ads.last_ad_date
    from on_web
    full join in_ads on on_web.campaign = in_ads.campaign
),

named as (
    select
        coalesce(in_crm.campaign, seen.campaign) as campaign,
        coalesce(in_crm.crm_campaigns, 0) as crm_campaigns,
        in_crm.campaign_type,
        in_crm.start_date,
        in_crm.end_date,
        seen.first_session_date,
        seen.last_session_date,
        seen.first_ad_date,
        seen.last_ad_date,
        upper(trim(coalesce(in_crm.campaign_code, in_crm.campaign, seen.campaign))) as code
    from in_crm
    full join seen on in_crm.campaign = seen.campaign
),

names as (
    select distinct code as name
    from named
),

read as (
    {{ campaign_codes_of('names') }}
),

final as (
    select
        named.campaign,
        read.code_code as campaign_code,
        read.code_code is not null as follows_coding,
        coalesce(read.is_valid, false) as has_valid_code,
        -- Google's own words for what is no campaign stand in brackets.
        named.campaign not like '(%)' as is_campaign,
        locales.locale,
        business_lines.business_line,
        cast(read.code_year as integer) as code_year,
        cast(read.code_quarter as integer) as code_quarter,
        read.code_type,
        named.campaign_type,
        named.crm_campaigns,
        named.start_date,
        named.end_date,
        named.first_session_date,
        named.last_session_date,
        named.first_ad_date,
        named.last_ad_date
    from named
    left join read on named.code = read.name
    left join locales on lower(read.code_market) = locales.locale
    left join business_lines on read.code_business_line = business_lines.campaign_code
)

select * from final
