-- Why a daily figure moved: every reason that what it is made of gives evidence for (docs/semantics, Frozen history).
with

moved as (
    select * from {{ ref('int_figures_moved') }}
),

entered as (
    select * from {{ ref('int_figures_entered') }}
),

changed as (
    select * from {{ ref('int_build_inputs_changed') }}
),

-- What was booked on a day, by currency: then less, now more.
booked as (
    select
        locale,
        business_line,
        date,
        currency || '>' || local_currency as currencies,
        -amount as amount
    from {{ source('published', 'sales_daily') }}
    union all
    select
        locale,
        business_line,
        date,
        currency || '>' || local_currency as currencies,
        amount
    from {{ ref('mart_sales_daily') }}
),

balances as (
    select
        locale,
        business_line,
        date,
        currencies,
        sum(amount) <> 0 as has_moved
    from booked
    group by locale, business_line, date, currencies
),

sold as (
    select
        balances.locale,
        balances.business_line,
        balances.date,
        'sales_amount' as measure,
        max(case when balances.has_moved then 1 else 0 end) = 1 as has_moved,
        max(case when rates.scope is not null then 1 else 0 end) = 1 as has_new_rates
    from balances
    left join changed as rates
        on rates.input = 'exchange_rate'
        and balances.currencies = rates.scope
        and cast(balances.date as varchar) = rates.part
        and not (rates.is_new or rates.is_gone)
    group by balances.locale, balances.business_line, balances.date
),

-- With the same rules and models only what landed can have moved a figure of the CRM; else that has to be shown. Of a
-- locale that comes or goes nothing else is said.
weighed as (
    select
        moved.*,
        coalesce(mappings.is_new or mappings.is_gone, false) as comes_or_goes,
        mappings.scope is not null as has_new_rules,
        days.is_new as is_new_day,
        entered.has_united,
        sold.has_new_rates,
        entered.has_others and (entered.has_others_landed or coalesce(mappings.scope, models.input) is null)
        or sold.has_moved
        and not entered.has_moved
        and (entered.has_landed or coalesce(mappings.scope, models.input) is null) as is_late
    from moved
    left join changed as mappings
        on moved.locale = mappings.scope
        and mappings.input = case moved.measure when 'sessions' then 'web_mapping' else 'crm_mapping' end
    left join changed as models on models.input = 'models'
    left join changed as days
        on days.input = 'web_day'
        and case moved.measure when 'sessions' then moved.locale end = days.scope
        and cast(moved.date as varchar) = days.part
    left join entered
        on moved.locale = entered.locale
        and moved.business_line = entered.business_line
        and moved.date = entered.date
        and moved.measure = entered.measure
    left join sold
        on moved.locale = sold.locale
        and moved.business_line = sold.business_line
        and moved.date = sold.date
        and moved.measure = sold.measure
),

final as (
    select
        weighed.locale,
        weighed.business_line,
        weighed.date,
        weighed.measure,
        reasons.reason
    from weighed
    cross join
        (values ('late_data'), ('restatement'), ('merge'), ('rate_change'), ('mapping_change')) as reasons (reason)
    where
        case reasons.reason
            when 'late_data' then (weighed.is_new_day or weighed.is_late) and not weighed.comes_or_goes
            when 'restatement' then not (weighed.is_new_day or weighed.comes_or_goes)
            when 'merge' then weighed.has_united and not weighed.comes_or_goes
            when 'rate_change' then weighed.has_new_rates
            else weighed.has_new_rules
        end
)

select * from final
