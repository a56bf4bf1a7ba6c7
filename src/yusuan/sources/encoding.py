"""Which characters the bytes of a text file stand for."""

from __future__ import annotations

from charset_normalizer import from_bytes

from yusuan.model.errors import YusuanError

__all__ = ["decode"]

# UTF-8 rejects nearly every text that is not UTF-8, and GB18030 is the mandatory Chinese
# character set, so these two in this order settle almost all disclosures.
_ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(content: bytes, file: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Raises YusuanError when the bytes are no text in any encoding tried.
    """
    marked = _MARKS.get(content[:2])
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _binary(text):
            return text, encoding.removesuffix("-sig")
    guess = from_bytes(content).best()
    if guess is not None and not _binary(str(guess)):
        return str(guess), guess.encoding
    raise YusuanError(f"{file}: not a text in UTF-8 or GB18030; save it as UTF-8 and try again")


def _binary(text: str) -> bool:
    """Whether control characters show that this is no text at all."""
    sample = text[:65536]
    controls = sum(1 for char in sample if char < " " and char not in "\t\n\r\f\v")
    return controls > len(sample) / 100
