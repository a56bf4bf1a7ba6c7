"""A package in, a published data set out: a static site any web server can host, or CKAN."""

from yusuan.portals.ckan import CkanReport, publish_ckan
from yusuan.portals.ckan_identity import Occupied
from yusuan.portals.static import publish_static

__all__ = ["CkanReport", "Occupied", "publish_ckan", "publish_static"]
