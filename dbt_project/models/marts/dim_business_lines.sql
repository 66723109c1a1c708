-- Head office's business lines in its order, and after them what no rule or mapping places in one.
with

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

final as (
    select
        business_line,
        name as business_line_name,
        sort_order
    from business_lines

    union all

    select
        'unmapped' as business_line,
        'Unmapped' as business_line_name,
        cast(count(*) + 1 as integer) as sort_order
    from business_lines
)

select * from final
