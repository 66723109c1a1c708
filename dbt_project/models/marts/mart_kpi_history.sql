-- Every figure of a closed period as it was published, from which build to which: a row a figure and value that stood.
-- What earlier builds published is read from the published build and stays; this build ends what it replaces and adds
-- what it publishes first or otherwise. A figure that is published no longer is replaced by a row without values.
{%- set key = ['locale', 'business_line', 'period_type', 'period_start', 'kpi'] %}

with

published as (
    select * from {{ source('published', 'kpi_history') }}
),

restated as (
    select * from {{ ref('int_kpis_restated') }}
),

explained as (
    select * from {{ ref('int_restatements_explained') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

replaced as (
    select
        restated.*,
        coalesce(explained.reasons, 'unexplained') as reasons
    from restated
    left join explained
        on restated.locale = explained.locale
        {%- for column in key[1:] %}
            and restated.{{ column }} = explained.{{ column }}
        {%- endfor %}
    where restated.is_published
),

final as (
    select
        {%- for column in key[:4] + ['period_end', 'kpi'] + frozen_figures() + ['from_build_id', 'from_as_of_at'] %}
            published.{{ column }},
        {%- endfor %}
        case when replaced.kpi is null then published.until_build_id else build.build_id end as until_build_id,
        case when replaced.kpi is null then published.until_as_of_at else build.as_of_at end as until_as_of_at,
        coalesce(replaced.reasons, published.reasons) as reasons,
        coalesce(replaced.was_provisional, published.was_provisional) as was_provisional
    from published
    cross join build
    left join replaced
        on case when published.until_build_id is null then published.locale end = replaced.locale
        {%- for column in key[1:] %}
            and published.{{ column }} = replaced.{{ column }}
        {%- endfor %}

    union all

    select
        {%- for column in key[:4] + ['period_end', 'kpi'] + frozen_figures() %}
            restated.{{ column }},
        {%- endfor %}
        build.build_id as from_build_id,
        build.as_of_at as from_as_of_at,
        cast(null as bigint) as until_build_id,
        cast(null as {{ dbt.type_timestamp() }}) as until_as_of_at,
        cast(null as varchar) as reasons,
        cast(null as boolean) as was_provisional
    from restated
    cross join build
)

select * from final
