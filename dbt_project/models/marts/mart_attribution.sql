-- Credit by month, stage, model, channel and campaign, by the models each locale offers. Sums equal the stage entries
-- and their money exactly, which is why money of attribution, and no other, is not rounded.
-- Kept by month, but for the credit by Markov, whose fit is of every build.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(also_model='markov') }}"
    )
}}

with

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
