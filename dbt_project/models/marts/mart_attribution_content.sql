-- Credit by month, stage, model and content: the landing page of a visit, or the campaign that was answered. Sums equal
-- the stage entries and their money exactly. Beside mart_attribution, since content by campaign would be a row a touch.
-- Kept by month, but for the credit by Markov, whose fit is of every build.
{%- set facts = ['fct_touch_credits', 'fct_deals'] %}
{{
    config(
        materialized='incremental',
        pre_hook=["{{ forget_markov() }}", "{{ forget_changed_months(" ~ facts ~ ") }}"]
    )
}}
{%- set dimensions = ['content'] %}
{%- set keys = ['locale', 'business_line', 'month', 'stage'] + dimensions %}

with

contents as (
    select * from {{ ref('int_contents_credited') }}
),

-- A row a model is made after summing.
by_path as (
    {{ credit_of('fct_touch_credits', attribution_models_of_a_path(), keys, facts) }}
),

by_key as (
    {{ credit_of('fct_attribution', ['markov'], ['content_key']) }}
),

by_markov as (
    select
        by_key.*,
        contents.{{ keys | join(', contents.') }}
    from by_key
    inner join contents on by_key.content_key = contents.content_key
),

credited as (
    {{ by_offered_model('by_path', keys, attribution_models_of_a_path()) }}
    union all
    {{ by_offered_model('by_markov', keys, ['markov']) }}
),

final as (
    select
        locale,
        business_line,
        month,
        stage,
        model,
        content,
        cast(credit as decimal(38, 12)) as credit,
        amount_local,
        amount_eur,
        amount_eur_constant
    from credited
    where credit <> 0
)

select * from final
{{ in_order_of("model = 'markov', month") }}
