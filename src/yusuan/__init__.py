"""yusuan (预算): published government budgets as open data.

>>> import yusuan
>>> package = yusuan.build("disclosure.md")  # doctest: +SKIP
>>> package.facts  # doctest: +SKIP
"""

from importlib.metadata import PackageNotFoundError, version

from yusuan.model.errors import YusuanError
from yusuan.package import Package, open_package, validate_package
from yusuan.pipeline import build, check_sources

__all__ = [
    "Package", "YusuanError", "__version__", "build", "check_sources", "open_package",
    "validate_package",
]  # fmt: skip

try:
    __version__ = version("yusuan")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0.0.0"
