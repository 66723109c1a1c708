-- Every time a published figure of a closed period changed: from what to what, in which build, and why.
with

history as (
    select * from {{ ref('mart_kpi_history') }}
),

final as (
    select
        earlier.locale,
        earlier.business_line,
        earlier.period_type,
        earlier.period_start,
        earlier.period_end,
        earlier.kpi,
        earlier.until_build_id as restated_build_id,
        earlier.until_as_of_at as restated_as_of_at,
        earlier.from_build_id,
        earlier.value as previous_value,
        later.value,
        {%- for amount in ['amount_local', 'amount_eur', 'amount_eur_constant'] %}
            earlier.{{ amount }} as previous_{{ amount }},
            later.{{ amount }},
        {%- endfor %}
        earlier.reasons,
        earlier.was_provisional
    from history as earlier
    inner join history as later
        on earlier.locale = later.locale
        and earlier.business_line = later.business_line
        and earlier.period_type = later.period_type
        and earlier.period_start = later.period_start
        and earlier.kpi = later.kpi
        and earlier.until_build_id = later.from_build_id
    -- A rate whose parts changed in proportion is the same rate.
    where
        earlier.value is distinct from later.value
        {%- for amount in ['amount_local', 'amount_eur', 'amount_eur_constant'] %}
            or earlier.{{ amount }} is distinct from later.{{ amount }}
        {%- endfor %}
)

select * from final
