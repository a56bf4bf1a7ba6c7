"""The check desk (核对台): a page on one's own machine that checks files, takes decisions, and gives the
report, the patch and the package."""

from yusuan.desk.app import serve_desk

__all__ = ["serve_desk"]
