-- No rate, no amount, no publication: a deal that sales is working on is never worth 0 for the want of a rate.
select
    locale,
    date,
    currency,
    amount
from {{ ref('int_pipeline_daily') }}
where pipeline_local is null or pipeline_eur is null or pipeline_eur_constant is null
