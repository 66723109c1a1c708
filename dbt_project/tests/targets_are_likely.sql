-- Targets beyond what the last 52 weeks make likely: three times as much, or a third of it where less is better. They
-- may be meant; whoever owns them should know.
{{ config(severity='warn') }}

select
    target_id,
    owner,
    target_value,
    likely_value,
    currency,
    source_file,
    source_line
from {{ ref('mart_targets') }}
where is_unlikely
