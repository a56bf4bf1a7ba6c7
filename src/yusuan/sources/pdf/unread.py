"""Pages of a PDF that could not be read, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from yusuan.model.document import Note
from yusuan.sources import limits
from yusuan.sources.pdf.scanned import page_ranges

__all__ = ["Unread"]

_OCR = (
    "请先识别文字（OCR），另存为可检索的 PDF 后重新运行",
    "recognise the text first (OCR), save the file as a searchable PDF and run again",
)
_SPLIT = ("请将需要的页另存为新文件", "save the pages that matter in a new file")


@dataclass(slots=True)
class Unread:
    """Page numbers by reason: images without text, undecodable text, more than is sensible.

    ``unseen`` are pages whose text is all hidden or struck out; ``recognised`` are pages that were read, but from text that a program recognised in a picture.
    """

    scanned: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    endless: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)

    def notes(self) -> Iterator[Note]:
        """A note for each reason, where other pages could be read."""
        for pages, (zh, en), advice in self._reasons():
            named = page_ranges(pages)
            yield Note(
                scope="page",
                printed=named,
                reason=(
                    f"第{named.partition(' ')[2]}页{zh}，未读",
                    f"{named} {en} and {'were' if len(pages) > 1 else 'was'} not read",
                ),
                advice=advice,
                page=pages[0],
            )
        if self.recognised:
            named = page_ranges(self.recognised)
            are = "are" if len(self.recognised) > 1 else "is"
            yield Note(
                scope="page",
                printed=named,
                reason=(
                    f"第{named.partition(' ')[2]}页为扫描图像，按其文字识别（OCR）层读取，可能有误识",
                    f"{named} {are} scanned and {'were' if are == 'are' else 'was'} read from recognised"
                    " text (OCR), which may be wrong",
                ),
                advice=(
                    "请对照页面核对数字",
                    "compare the numbers with the page",
                ),
                page=self.recognised[0],
            )

    def why_empty(self, count: int) -> str:
        """Why none of ``count`` pages gave anything."""
        reasons = [
            f"{page_ranges(pages)} {en}; {advice[1]}" for pages, (_, en), advice in self._reasons()
        ]
        if self.unseen:
            has = "have" if len(self.unseen) > 1 else "has"
            reasons.append(
                f"{page_ranges(self.unseen)} {has} only text that is hidden or struck out; publish the "
                "valid version"
            )
        return "; ".join(reasons) or f"no text on any page (of {count})"

    def _reasons(self) -> Iterator[tuple[list[int], tuple[str, str], tuple[str, str]]]:
        if self.scanned:
            have = "have" if len(self.scanned) > 1 else "has"
            what = ("没有文字层（扫描图像）", f"{have} no text layer (scanned images)")
            yield self.scanned, what, _OCR
        if self.garbled:
            have = "have" if len(self.garbled) > 1 else "has"
            what = ("的文字层无法解码", f"{have} a text layer that cannot be decoded")
            yield self.garbled, what, _OCR
        if self.endless:
            hold = "hold" if len(self.endless) > 1 else "holds"
            most = f"{limits.PAGE_OBJECTS:,}"
            what = (
                f"的字符或图形多于 {most} 个，或相互覆盖过多",
                f"{hold} more than {most} characters or drawn objects, or too many upon each other",
            )
            yield self.endless, what, _SPLIT
