-- The days of pages viewed the landing holds of each locale, each with a hash of what its rows come from.
{{ config(materialized='view') }}

{{ web_days_landed('content', 'content_date') }}
