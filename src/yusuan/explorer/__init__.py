"""The explorer (预算浏览器): what its pages show, as plain values.

A view holds tables; a chart is drawn from one of them. The site and the static site render the same
views with the same templates, and each table of a view can be downloaded.
"""
