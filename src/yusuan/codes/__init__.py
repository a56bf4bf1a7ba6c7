"""The code lists: what each code is called in which year, who says so, and what it links to."""

from yusuan.codes.entries import CodeEntry
from yusuan.codes.lists import CodeList, CodeMatch, code_list, list_names, public_list

__all__ = ["CodeEntry", "CodeList", "CodeMatch", "code_list", "list_names", "public_list"]
