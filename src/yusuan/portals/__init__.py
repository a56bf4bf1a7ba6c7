"""A package in, a published data set out: a static site any web server can host, or CKAN."""

from yusuan.portals.ckan import Report, publish_ckan
from yusuan.portals.static import publish_static

__all__ = ["Report", "publish_ckan", "publish_static"]
