"""Disclosures in, the contents of a package out: facts, rows, codes and all other records."""

from yusuan.facts.contents import PackageContents, compile_contents, taking_too_long
from yusuan.facts.revisions import replaced_documents
from yusuan.facts.unrecognised import in_order, unrecognised_file

__all__ = [
    "PackageContents", "compile_contents", "in_order", "replaced_documents", "taking_too_long",
    "unrecognised_file",
]  # fmt: skip
