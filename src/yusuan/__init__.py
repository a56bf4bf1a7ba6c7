"""yusuan (预算): published government budgets as open data.

>>> import yusuan
>>> package = yusuan.build("disclosure.md")  # doctest: +SKIP
>>> package.facts  # doctest: +SKIP
"""

from yusuan.model.errors import YusuanError
from yusuan.package import Package, open_package, validate_package
from yusuan.pipeline import build, check_sources
from yusuan.schema.version import software_version

__all__ = [
    "Package", "YusuanError", "__version__", "build", "check_sources", "open_package",
    "validate_package",
]  # fmt: skip

__version__ = software_version()
