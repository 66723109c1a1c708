-- Lines that do not add up to their deal's amount are shown as such (`has_matching_lines`), deal by deal. Where that is
-- more than a tenth of a locale's deals with lines, nobody knows how much of its revenue recurs.
{{ config(severity='warn') }}

select
    locale,
    count(*) as deals_with_lines,
    count(case when not has_matching_lines then 1 end) as deals_out_of_step
from {{ ref('mart_deals') }}
where has_matching_lines is not null
group by locale
having count(*) >= 20 and count(case when not has_matching_lines then 1 end) * 10 > count(*)
