"""Files that are read lie in their folder, and files that are written are whole."""

from yusuan.files.resolve import inside, is_inside_path

__all__ = ["inside", "is_inside_path"]
