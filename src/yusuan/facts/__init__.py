"""Disclosures in, the contents of a package out: facts, rows, codes and all other records."""

from yusuan.facts.contents import Contents, compile_contents

__all__ = ["Contents", "compile_contents"]
