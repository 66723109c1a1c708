-- What this build is made from that the published one was not, or the other way round.
with

inputs as (
    select * from {{ ref('mart_build_inputs') }}
),

earlier as (
    select * from {{ source('published', 'build_inputs') }}
),

final as (
    select
        coalesce(inputs.input, earlier.input) as input,
        coalesce(inputs.scope, earlier.scope) as scope,
        coalesce(inputs.part, earlier.part) as part,
        earlier.input is null as is_new,
        inputs.input is null as is_gone
    from inputs
    full outer join earlier
        on inputs.input = earlier.input
        and inputs.scope = earlier.scope
        and inputs.part = earlier.part
    where inputs.content_hash is distinct from earlier.content_hash
)

select * from final
