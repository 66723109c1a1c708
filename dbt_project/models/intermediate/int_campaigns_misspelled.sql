-- What is wrong with the name of each campaign that needs one of head office's codes and has none, and the code that is
-- nearest to it among those that its market used at about the same time.
with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

used as (
    {{ coded_uses() }}
),

offenders as (
    select * from used
    where not is_coded
),

names as (
    select distinct campaign as name
    from offenders
),

misread as (
    {{ misread_parts_of('names') }}
),

-- Those of a quarter before or after its own time, of the same medium before others, and the nearest of them; of ten
-- letters, four may differ.
suggestions as (
    select
        offenders.locale,
        offenders.campaign,
        codes.campaign as suggested_code,
        row_number() over (
            partition by offenders.locale, offenders.campaign
            order by
                case when offenders.traffic_medium = codes.traffic_medium then 0 else 1 end,
                {{ edit_distance('upper(offenders.campaign)', 'codes.campaign') }}
                / greatest(length(offenders.campaign), length(codes.campaign)),
                codes.sessions desc,
                codes.campaign asc
        ) as choice
    from offenders
    inner join used as codes
        on offenders.locale = codes.locale
        and codes.is_coded
        and codes.first_date <= {{ dbt.dateadd('day', 92, 'offenders.last_date') }}
        and codes.last_date >= {{ dbt.dateadd('day', -92, 'offenders.first_date') }}
    where
        10 * {{ edit_distance('upper(offenders.campaign)', 'codes.campaign') }}
        <= 4 * greatest(length(offenders.campaign), length(codes.campaign))
),

best as (
    select * from suggestions
    where choice = 1
),

told as (
    select distinct
        offenders.locale,
        offenders.campaign,
        case
            when not campaigns.is_campaign then 'missing'
            when {{ matches('offenders.campaign', "'[{}<>]|\\[.*\\]'") }} then 'placeholder'
            when campaigns.follows_coding then 'unknown'
            else 'malformed'
        end as problem
    from offenders
    inner join campaigns on offenders.campaign = campaigns.campaign
),

final as (
    select
        told.locale,
        told.campaign,
        told.problem,
        case when told.problem in ('malformed', 'unknown') then coalesce(misread.part, 'ending') end as problem_part,
        case when told.problem in ('malformed', 'unknown') then best.suggested_code end as suggested_code
    from told
    left join misread on told.campaign = misread.name
    left join best
        on told.locale = best.locale
        and told.campaign = best.campaign
)

select * from final
