"""Disclosures in, the contents of a package out: facts, rows, codes and all other records."""

from yusuan.facts.contents import PackageContents, compile_contents
from yusuan.facts.unrecognised import unrecognised_file

__all__ = ["PackageContents", "compile_contents", "unrecognised_file"]
