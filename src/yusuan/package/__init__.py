"""Contents in, a validated Frictionless data package out; and back into DataFrames."""

from yusuan.package.read import Package, open_package
from yusuan.package.validate import Verdict, validate_package
from yusuan.package.write import write_package

__all__ = ["Package", "Verdict", "open_package", "validate_package", "write_package"]
