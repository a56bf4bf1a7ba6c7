"""The code lists: what each code is called in which year, who says so, and what it links to."""

from yusuan.codes.entries import Entry
from yusuan.codes.lists import CodeList, Match, code_list, list_names

__all__ = ["CodeList", "Entry", "Match", "code_list", "list_names"]
