-- By every model that a locale offers, all credit and money of a month are exactly its stage entries and their deals,
-- of the months that this build has made.
{{ config(meta={'dagster': {'ref': {'name': 'mart_attribution'}}}) }}

with

changed_months as (
    {{ months_changed(['fct_touch_credits', 'fct_deals']) }}
),

-- Asked for apart, so that of no other month more than a few rows are looked at.
made as (
    select * from {{ ref('mart_attribution') }}
    where model = 'markov'
    union all
    select by_path.*
    from {{ ref('mart_attribution') }} as by_path
    inner join changed_months on {{ same('by_path', 'changed_months', ['locale', 'month']) }}
    where by_path.model <> 'markov'
),

shared as (
    select
        locale,
        month,
        model,
        sum(credit) as credit,
        sum(amount_local) as amount_local,
        sum(amount_eur) as amount_eur,
        sum(amount_eur_constant) as amount_eur_constant
    from made
    group by locale, month, model
),

entered_by_day as (
    select
        locale,
        entered_date,
        count(*) as credit
    from {{ ref('fct_stage_entries') }}
    group by locale, entered_date
),

entered as (
    select
        entries.locale,
        {{ month_of('entries.entered_date') }} as month,
        sum(entries.credit) as credit
    from entered_by_day as entries
    {{ counted_days('entries', 'entered_date') }}
    group by entries.locale, {{ month_of('entries.entered_date') }}
),

sold as (
    select
        deals.locale,
        {{ month_of('deals.close_date') }} as month,
        sum(deals.amount_local) as amount_local,
        sum(deals.amount_eur) as amount_eur,
        sum(deals.amount_eur_constant) as amount_eur_constant
    from {{ ref('fct_deals') }} as deals
    {{ counted_days('deals', 'close_date') }}
    group by deals.locale, {{ month_of('deals.close_date') }}
),

earned as (
    select
        entered.*,
        sold.amount_local,
        sold.amount_eur,
        sold.amount_eur_constant
    from entered
    left join sold on {{ same('entered', 'sold', ['locale', 'month']) }}
)

select
    earned.locale,
    earned.month,
    models.model
from earned
inner join {{ source('config', 'attribution_models') }} as models on earned.locale = models.locale
left join changed_months on {{ same('earned', 'changed_months', ['locale', 'month']) }}
left join shared
    on {{ same('earned', 'shared', ['locale', 'month']) }}
    and models.model = shared.model
where
    (models.model = 'markov' or changed_months.month is not null)
    and (
        shared.credit is distinct from earned.credit
        or shared.amount_local is distinct from earned.amount_local
        or shared.amount_eur is distinct from earned.amount_eur
        or shared.amount_eur_constant is distinct from earned.amount_eur_constant
    )
