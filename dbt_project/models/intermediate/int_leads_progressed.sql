-- Every lead the marts count (a first identifier), with what had become of it in the same trip when the as-of date was
-- over, and what its sale was worth, in the currency of the lead's own locale.
{{ config(materialized='view') }}

{{ leads_progressed() }}
