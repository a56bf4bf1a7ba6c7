"""A package as a website: tables and SQL (Datasette), SPARQL, and a page for every entity."""

from yusuan.serve.app import create_app, serve

__all__ = ["create_app", "serve"]
