{#
    The CRM records that landed rows speak of, `(record_id, load_seq)`: leads, contacts and opportunities by themselves,
    and each through its history, its roles and its campaign memberships.
#}
{% macro landed_crm_records() -%}
    {%- set records = {
        'lead': 'id', 'contact': 'id', 'opportunity': 'id', 'lead_history': 'lead_id',
        'opportunity_history': 'opportunity_id', 'opportunity_contact_role': 'opportunity_id',
        'campaign_member': 'coalesce(lead_id, contact_id)'
    } -%}
    {%- for stream, record in records.items() %}
    select
        {{ qualified_id(record) }} as record_id,
        _load_seq as load_seq
    from {{ source('landing', 'salesforce__' ~ stream) }}
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# The figures of a KPI in a period, which together are frozen when the period is published as closed. #}
{% macro frozen_figures() -%}
    {{ return(['numerator', 'denominator', 'value', 'amount_local', 'amount_eur', 'amount_eur_constant']) }}
{%- endmacro %}
