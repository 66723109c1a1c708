{#
    Pre-hook of a fact that is kept from build to build by prospect: the rows of every prospect this build works on go
    before its new ones are added (docs/architecture, Models).
#}
{% macro forget_changed_prospects() -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where prospect_id in (select changed.prospect_id from {{ ref('int_prospects_changed') }} as changed)
    {%- endif %}
{%- endmacro %}
