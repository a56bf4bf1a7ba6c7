"""yusuan (预算): published government budgets as open data.

>>> import yusuan
>>> package = yusuan.build("disclosure.md")  # doctest: +SKIP
>>> package.facts  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yusuan.model.errors import YusuanError

if TYPE_CHECKING:
    from yusuan.checking import check_sources
    from yusuan.package import Package, open_package, validate_package
    from yusuan.pipeline import build, link, update

__all__ = [
    "Package", "YusuanError", "__version__", "build", "check_sources", "link", "open_package",
    "update", "validate_package",
]  # fmt: skip

_FROM = {
    "Package": "yusuan.package", "open_package": "yusuan.package",
    "validate_package": "yusuan.package",
    "build": "yusuan.pipeline", "check_sources": "yusuan.checking",
    "link": "yusuan.pipeline", "update": "yusuan.pipeline",
}  # fmt: skip

__version__: str


def __getattr__(name: str) -> Any:
    """Load what is asked for only then: processes that read documents start three times faster."""
    if name == "__version__":
        from yusuan.schema.version import software_version

        return software_version()
    if name in _FROM:
        from importlib import import_module

        return getattr(import_module(_FROM[name]), name)
    raise AttributeError(f"module 'yusuan' has no attribute {name!r}")
