-- Stage entries of records that no configured locale claims: in no mart, but counted here, never lost from sight.
{{ config(severity='warn') }}

select
    stage,
    count(*) as entries
from {{ ref('fct_stage_entries') }}
where locale is null
group by stage
