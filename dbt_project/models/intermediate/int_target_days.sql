-- Every day of the scope of each target whose period is not over: what happened on it, and what is to be expected of
-- such a day. A total is expected to do what its locales do together. Where nothing is known, working days count alike.
with

targets as (
    select * from {{ ref('int_targets_resolved') }}
    where
        period_end > as_of_date
        and is_paced
),

measures as (
    select * from {{ ref('int_figures_by_period') }}
    where period_type = 'day' and span = 'own'
),

kpis as (
    {{ numbered_kpis() }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

calendar as (
    select * from {{ ref('dim_calendar') }}
),

expected as (
    select * from {{ ref('int_days_expected') }}
),

members as (
    select
        locale as scope,
        locale,
        provisional_from_date
    from locales

    union all

    select
        'total' as scope,
        locale,
        provisional_from_date
    from locales
),

days as (
    select
        targets.target_id,
        calendar.date,
        {{ sum_of_floats('expected.expected_numerator') }} as expected_numerator,
        {{ sum_of_floats('expected.expected_denominator') }} as expected_denominator,
        count(case when calendar.is_working_day then 1 end) as working_days,
        count(case when calendar.date >= members.provisional_from_date then 1 end) > 0 as is_provisional
    from targets
    inner join members on targets.locale = members.scope
    inner join calendar
        on members.locale = calendar.locale
        and targets.period_end >= calendar.date
    left join expected
        on calendar.locale = expected.locale
        and calendar.date = expected.date
        and targets.kpi = expected.kpi
        and targets.money_basis = expected.money_basis
    group by targets.target_id, calendar.date
),

known as (
    select
        *,
        max(expected_numerator) over (partition by target_id) is not null as is_known
    from days
),

happened as (
    select
        targets.target_id,
        measures.period_start as date,
        measures.currency,
        cast({{ figure('measures.figures', 'kpis.numerator_number') }} as decimal(38, 10)) as numerator,
        cast({{ figure('measures.figures', 'kpis.denominator_number') }} as decimal(38, 10)) as denominator,
        {{ kpi_amount('measures.figures', 'measures.figures_local') }} as amount_local,
        {{ kpi_amount('measures.figures', 'measures.figures_eur_constant') }} as amount_eur_constant
    from targets
    inner join kpis
        on targets.kpi = kpis.kpi
        and targets.locale = kpis.locale
    inner join measures
        on targets.locale = measures.locale
        and targets.business_line = measures.business_line
        and targets.as_of_date >= measures.period_start
),

final as (
    select
        targets.target_id,
        known.date,
        known.date between targets.period_start and targets.period_end as is_in_period,
        known.date > targets.as_of_date as is_ahead,
        known.date > {{ dbt.dateadd('day', -364, 'targets.as_of_date') }}
        and known.date <= targets.as_of_date as is_of_last_year,
        known.is_provisional,
        case
            when known.is_known then coalesce(known.expected_numerator, 0)
            else known.working_days
        end as expected_numerator,
        case when known.is_known then known.expected_denominator else known.working_days end as expected_denominator,
        cast({{ measured_in_basis('happened', 'targets.money_basis') }} as double) as numerator,
        cast(happened.denominator as double) as denominator
    from known
    inner join targets on known.target_id = targets.target_id
    left join happened
        on known.target_id = happened.target_id
        and known.date = happened.date
)

select * from final
