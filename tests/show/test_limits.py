"""What a document may do to the process that draws it, and what is left of it."""

from __future__ import annotations

import io
import os
import stat
import time
from pathlib import Path

import pytest
from PIL import Image

import yusuan
from tests.disclosures import disclosure_text, write
from tests.sources.pdf_drawing import Drawing
from yusuan.show import draw, find_place
from yusuan.show.page_child import MOST_PIXELS
from yusuan.show.page_child import draw as draw_page


def test_ending_a_process_ends_the_programs_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A converter that never ends, standing in for LibreOffice."""
    package = yusuan.build(write(tmp_path, disclosure_text()), tmp_path / "package")
    place = find_place(package, next(package.rows("facts"))["fact"])
    started = tmp_path / "started"
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho $$ > {started}\nsleep 600\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    old = tmp_path / "old.rtf"
    old.write_bytes(b"{\\rtf1 }")
    monkeypatch.setattr(type(place), "content", lambda self: b"")
    object.__setattr__(place, "source", old)
    with pytest.raises(yusuan.YusuanError, match="not drawn within 6 seconds"):
        draw(place, timeout=6)
    process = Path("/proc") / started.read_text().strip()
    deadline = time.monotonic() + 5
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process.exists()


def test_a_page_of_any_size_makes_a_picture_of_a_bounded_size() -> None:
    drawing = Drawing()
    drawing.canvas.setPageSize((20, 14000))
    drawing.text(1, 800, "长")
    picture = draw_page(drawing.content(), 1, None, 6000, None, False)
    width, height = Image.open(io.BytesIO(picture)).size
    assert width * height <= 1.02 * MOST_PIXELS
