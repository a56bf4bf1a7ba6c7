"""Files in, :class:`~yusuan.model.document.Document` out: one module per format."""

from yusuan.sources.read import find_sources, read_document

__all__ = ["find_sources", "read_document"]
