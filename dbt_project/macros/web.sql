{#
    The business line of each page of `pages` (host_name, page_path), which are distinct; a page no rule catches is
    missing. Head office's rules in their order, the first match wins; a path prefix matches whole segments only.
#}
{% macro business_lines_of(pages) -%}
    select
        host_name,
        page_path,
        business_line
    from (
        select
            pages.host_name,
            pages.page_path,
            rules.business_line,
            row_number() over (partition by pages.host_name, pages.page_path order by rules.priority) as choice
        from {{ pages }} as pages
        inner join {{ source('config', 'web_business_line_rules') }} as rules
            on coalesce(rules.host, pages.host_name) = pages.host_name
            and (
                rules.path_prefix is null
                or substr(pages.page_path || '/', 1, length(rules.path_prefix) + 1) = rules.path_prefix || '/'
            )
    ) as ranked
    where choice = 1
{%- endmacro %}
