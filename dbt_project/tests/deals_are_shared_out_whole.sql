-- The parts of the people a deal is with sum to exactly 1, and the funnel counts it for one of them.
select
    opportunity_id,
    sum(weight) as weight,
    count(case when is_funnel_prospect then 1 end) as funnel_prospects
from {{ ref('bridge_deal_prospects') }}
group by opportunity_id
having sum(weight) <> 1 or count(case when is_funnel_prospect then 1 end) <> 1
