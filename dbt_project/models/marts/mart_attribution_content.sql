-- Credit by month, stage, model and content: the landing page of a visit, or the campaign that was answered. Sums equal
-- the stage entries and their money exactly. Beside mart_attribution, since content by campaign would be a row a touch.
-- Kept by month, but for the credit by Markov, whose fit is of every build.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(also_model='markov') }}"
    )
}}

with

credited as (
    {{ credited_by(['content']) }}
),

final as (
    select
        locale,
        business_line,
        month,
        stage,
        model,
        content,
        cast(credit as decimal(38, 12)) as credit,
        amount_local,
        amount_eur,
        amount_eur_constant
    from credited
    where credit <> 0
)

select * from final
