-- Credit by month, stage, model, channel and campaign. Sums over channels equal the stage entries and their money
-- exactly, which is why, alone among the marts, its money is not rounded.
with

attribution as (
    select * from {{ ref('fct_attribution') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

dated as (
    select
        attribution.*,
        cast({{ dbt.date_trunc('month', 'attribution.entered_date') }} as date) as month
    from attribution
    inner join locales
        on attribution.locale = locales.locale
        and attribution.entered_date between locales.go_live_date and locales.as_of_date
),

final as (
    select
        locale,
        business_line,
        month,
        stage,
        model,
        channel,
        campaign,
        cast(sum(credit) as decimal(38, 12)) as credit,
        cast(sum(amount_local) as decimal(38, 12)) as amount_local,
        cast(sum(amount_eur) as decimal(38, 12)) as amount_eur,
        cast(sum(amount_eur_constant) as decimal(38, 12)) as amount_eur_constant
    from dated
    group by locale, business_line, month, stage, model, channel, campaign
)

select * from final
