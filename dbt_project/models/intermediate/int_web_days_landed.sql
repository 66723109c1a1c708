-- The web days the landing holds of each locale, each with a hash of what its rows come from.
{{ config(materialized='view') }}

{{ web_days_landed('sessions', 'session_date') }}
