"""What a document may do to the process that draws it, and what is left of it."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.sources.pdf_drawing import Drawing
from yusuan.show import drawing
from yusuan.show.page_child import MOST_PIXELS
from yusuan.show.page_child import draw as draw_page


def test_ending_a_process_ends_the_programs_it_started(tmp_path: Path) -> None:
    """A converter that never ends, standing in for LibreOffice."""
    started = tmp_path / "started"
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\necho $$ > {started}.new\nmv {started}.new {started}\nsleep 600\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "old.rtf").write_bytes(b"{\\rtf1 }")
    asked = {"source": str(tmp_path / "old.rtf"), "fact": {}, "file": "old.rtf"}
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "yusuan.show.table_child", json.dumps(asked)],
        env={**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert _soon(started.exists)
    finally:
        drawing._end(child)
    process = Path("/proc") / started.read_text().strip()
    assert _soon(lambda: not process.exists())


def _soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true; a busy machine takes its time."""
    deadline = time.monotonic() + 60
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_a_page_of_any_size_makes_a_picture_of_a_bounded_size() -> None:
    paper = Drawing()
    paper.canvas.setPageSize((20, 14000))
    paper.text(1, 800, "长")
    picture = draw_page(paper.content(), 1, None, 6000, None, False)
    width, height = Image.open(io.BytesIO(picture)).size
    assert width * height <= 1.02 * MOST_PIXELS
