-- Users of every period that has ended. They are counted once in it, and never add up: neither days to a week, nor
-- countries to the total, which is what the roll-up property counts.
{{ config(materialized='view') }}

with

{% for period_type in ['day', 'week', 'month', 'quarter'] -%}
    {{ period_type }}s as (
        select * from {{ source('landing', 'ga4__users_by_' ~ period_type) }}
    ),

{% endfor -%}

unioned as (
    {%- for period_type in ['day', 'week', 'month', 'quarter'] %}
        select
            _scope as locale,
            '{{ period_type }}' as period_type,
            period_start,
            total_users,
            new_users
        from {{ period_type }}s
        {{- "\n    union all" if not loop.last }}
    {%- endfor %}
)

select * from unioned
