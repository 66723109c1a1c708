-- Credit by month, stage, model, channel and campaign, by the models each locale offers. Sums equal the stage entries
-- and their money exactly, which is why money of attribution, and no other, is not rounded.
with

attribution as (
    select
        credits.*,
        cast({{ dbt.date_trunc('month', 'credits.entered_date') }} as date) as month
    from {{ ref('fct_attribution') }} as credits
    inner join {{ ref('mart_locales') }} as locales
        on credits.locale = locales.locale
        and credits.entered_date between locales.go_live_date and locales.as_of_date
),

deals as (
    select * from {{ ref('fct_deals') }}
),

offered as (
    select * from {{ source('config', 'attribution_models') }}
),

credited as (
    {{ credited_by(['channel', 'campaign']) }}
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
        cast(credit as decimal(38, 12)) as credit,
        amount_local,
        amount_eur,
        amount_eur_constant
    from credited
    where credit <> 0
)

select * from final
