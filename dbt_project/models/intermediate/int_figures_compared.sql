-- The figures of every period longer than a day beside those of the period before and of the same one last year: whole,
-- and of as many days of these as the period has had itself (which is the whole, once it has ended).
{{ config(materialized='view') }}

with

figures as (
    select * from {{ ref('int_figures_by_period') }}
    where period_type <> 'day'
),

own as (
    select * from figures
    where span = 'own'
),

final as (
    select
        own.*,
        previous_period.figures as previous_period_figures,
        coalesce(previous_period_to_date.figures, previous_period.figures) as previous_period_to_date_figures,
        previous_year.figures as previous_year_figures,
        coalesce(previous_year_to_date.figures, previous_year.figures) as previous_year_to_date_figures,
        case
            when coalesce(previous_year_to_date.currency, previous_year.currency) = own.currency
                then coalesce(previous_year_to_date.figures_local, previous_year.figures_local)
        end as previous_year_to_date_figures_local,
        coalesce(previous_year_to_date.figures_eur_constant_next, previous_year.figures_eur_constant_next)
            as previous_year_to_date_figures_eur_constant
    from own
    {%- for previous in ['previous_period', 'previous_year'] %}
    left join own as {{ previous }}
        on own.period_type = {{ previous }}.period_type
        and own.{{ previous }}_start = {{ previous }}.period_start
        and own.locale = {{ previous }}.locale
        and own.business_line = {{ previous }}.business_line
    left join figures as {{ previous }}_to_date
        on case when {{ previous }}.period_start is not null then '{{ previous }}' end = {{ previous }}_to_date.span
        and own.period_type = {{ previous }}_to_date.period_type
        and own.period_start = {{ previous }}_to_date.period_start
        and own.locale = {{ previous }}_to_date.locale
        and own.business_line = {{ previous }}_to_date.business_line
    {%- endfor %}
)

select * from final -- noqa: AM04
