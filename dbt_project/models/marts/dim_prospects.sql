-- Who is in the funnel, without a word of who they are: where they are now, how far they have come, and whom they work
-- for. Kept from build to build; only prospects whose history may be different are looked at.
-- depends_on: {{ ref('int_prospects_changed') }}
{{ config(
    materialized='incremental',
    pre_hook="{{ forget_changed_prospects() }}"
) }}

with

changed as (
    select * from {{ ref('int_records_changed') }}
),

records as (
    select * from {{ ref('int_records_resolved') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

-- Everything that stands for a prospect, the oldest first; the account is that of the newest deal.
traces as (
    select
        changed.prospect_id,
        changed.record_id,
        records.record_type,
        records.locale,
        records.business_line,
        records.visitor_key,
        cast(null as varchar) as account_id,
        records.created_at
    from changed
    inner join records on changed.record_id = records.record_id

    union all

    select
        changed.prospect_id,
        changed.record_id,
        'deal' as record_type,
        opportunities.locale,
        opportunities.business_line,
        cast(null as varchar) as visitor_key,
        opportunities.account_id,
        opportunities.created_at
    from changed
    inner join opportunities on changed.record_id = opportunities.opportunity_id
),

ordered_traces as (
    select
        *,
        row_number() over (partition by prospect_id order by created_at, record_id) as age_rank,
        row_number() over (
            partition by prospect_id
            order by case when account_id is null then 1 else 0 end, created_at desc, record_id desc
        ) as account_rank
    from traces
),

seen as (
    select
        prospect_id,
        min(created_at) as first_seen_at,
        max(case when age_rank = 1 then locale end) as first_locale,
        max(case when age_rank = 1 then business_line end) as first_business_line,
        max(case when account_rank = 1 then account_id end) as account_id,
        count(case when record_type = 'lead' then 1 end) as leads,
        count(case when record_type = 'contact' then 1 end) as contacts,
        count(case when record_type = 'deal' then 1 end) as deals,
        count(visitor_key) > 0 as has_visitor_link
    from ordered_traces
    group by prospect_id
),

ranked_entries as (
    select
        entries.*,
        row_number() over (
            partition by entries.prospect_id
            order by entries.cycle desc, stages.stage_rank desc
        ) as recency_rank
    from entries
    inner join seen on entries.prospect_id = seen.prospect_id
    inner join {{ funnel_stages() }} on entries.stage = stages.stage
),

final as (
    select
        seen.prospect_id,
        case when seen.leads + seen.contacts > 0 then 'person' else 'account' end as prospect_type,
        seen.first_seen_at,
        case when latest.stage is null then seen.first_locale else latest.locale end as locale,
        coalesce(latest.business_line, seen.first_business_line) as business_line,
        seen.account_id,
        seen.leads,
        seen.contacts,
        seen.deals,
        seen.has_visitor_link,
        coalesce(latest.cycle, 0) as cycles,
        latest.stage as furthest_stage,
        latest.entered_at as furthest_stage_at,
        latest.exit_reason
    from seen
    left join ranked_entries as latest
        on seen.prospect_id = latest.prospect_id
        and latest.recency_rank = 1
)

select * from final
