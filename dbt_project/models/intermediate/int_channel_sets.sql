-- The channels of each set of channels that the paths of stage entries had, by locale and stage; `unattributed` is the
-- set of those that nothing touched. Kept from build to build: a set, once seen, has the channels it has, and one that
-- no path has any more is nobody's.
{{ config(materialized='incremental') }}

with

touches as (
    select credits.*
    from {{ ref('fct_touch_credits') }} as credits
    inner join {{ ref('int_prospects_changed') }} as changed on credits.prospect_id = changed.prospect_id
    where credits.channel_touch_number = 1
),

members as (
    select distinct
        share_key,
        {{ number_of_values(['locale', 'stage', 'channel_set']) }} as set_key,
        locale,
        stage,
        channel
    from touches
),

final as (
    select
        share_key,
        set_key,
        locale,
        stage,
        channel,
        channel = min(channel) over (partition by set_key) as is_first_channel
    from members
    {% if is_incremental() -%}
        where share_key not in (select seen.share_key from {{ this }} as seen)
    {%- endif %}
)

select * from final
