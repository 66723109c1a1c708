-- Campaign responses with an instant. Salesforce knows the DATE of a first response only: it counts from local
-- midnight, or, on the very day the prospect left an e-mail, from that moment, so that it never precedes it.
with

members as (
    select * from {{ ref('stg_salesforce__campaign_members') }}
),

campaigns as (
    select * from {{ ref('stg_salesforce__campaigns') }}
),

records as (
    select * from {{ ref('int_records_changed') }}
    where record_type in ('lead', 'contact')
),

identified as (
    select * from {{ ref('int_prospects_identified') }}
),

record_locales as (
    select * from {{ ref('int_record_locales_tracked') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

types as (
    select * from {{ source('config', 'second_identifier_campaign_types') }}
),

responses as (
    select
        members.campaign_member_id,
        records.prospect_id,
        records.record_id,
        records.business_line,
        campaigns.campaign,
        campaigns.campaign_type,
        members.first_responded_date as responded_date,
        coalesce(locales.time_zone, 'UTC') as time_zone
    from members
    inner join campaigns on members.campaign_id = campaigns.campaign_id
    inner join records on coalesce(members.lead_id, members.contact_id) = records.record_id
    left join locales on records.locale = locales.locale
    where members.has_responded and members.first_responded_date is not null
),

dated as (
    select
        responses.*,
        case
            when {{ local_date('identified.identified_at', 'responses.time_zone') }} = responses.responded_date
                then identified.identified_at
            else {{ instant_of_local('responses.responded_date', 'responses.time_zone') }}
        end as responded_at
    from responses
    left join identified on responses.prospect_id = identified.prospect_id
),

final as (
    select
        dated.campaign_member_id,
        dated.prospect_id,
        dated.record_id,
        record_locales.locale,
        dated.business_line,
        dated.campaign,
        dated.campaign_type,
        dated.responded_at,
        dated.responded_date,
        types.campaign_type is not null as is_second_identifier
    from dated
    inner join record_locales
        on dated.record_id = record_locales.record_id
        and dated.responded_at >= record_locales.valid_from
        and dated.responded_at < record_locales.valid_to
    left join types
        on record_locales.locale = types.locale
        and dated.campaign_type = types.campaign_type
)

select * from final
