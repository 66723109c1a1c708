{#
    The channels of Google's default channel group, whether each is bought by click or view, and whether marketing
    brings it about; then our own, for traffic that Google's rules say nothing of. In the order in which they are shown.
#}
{% macro web_channels() -%}
    {{ return([
        ('Paid Search', true, true), ('Paid Social', true, true), ('Paid Video', true, true),
        ('Paid Shopping', true, true), ('Display', true, true), ('Cross-network', true, true),
        ('Paid Other', true, true), ('Audio', true, true), ('Affiliates', true, true), ('Email', false, true),
        ('SMS', false, true), ('Mobile Push Notifications', false, true), ('Organic Search', false, true),
        ('Organic Social', false, true), ('Organic Video', false, true), ('Organic Shopping', false, true),
        ('Referral', false, true), ('Direct', false, false), ('(not set)', false, false),
        ('(data not available)', false, false), ('(other)', false, false), ('(empty)', false, false),
        ('unmapped', false, false)
    ]) }}
{%- endmacro %}


{# The channels as rows: `listed (channel, is_paid, is_marketing, sort_order)`. #}
{% macro web_channel_rows() -%}
    (
        values
        {% for channel, is_paid, is_marketing in web_channels() -%}
        ('{{ channel }}', {{ is_paid }}, {{ is_marketing }}, {{ loop.index }})
        {{- ", " if not loop.last }}
        {%- endfor %}
    ) as listed (channel, is_paid, is_marketing, sort_order)
{%- endmacro %}


{# What GA4 says where it knows no value. They mean different things, and are kept apart. #}
{% macro unknown_members() -%}
    ('(not set)', '(data not available)', '(other)', '(empty)')
{%- endmacro %}


{# A dimension as GA4 served it, nothing at all being a member of its own: `(empty)`, which is not `(not set)`. #}
{% macro web_dimension(column) -%}
    coalesce(nullif(trim({{ column }}), ''), '(empty)')
{%- endmacro %}
