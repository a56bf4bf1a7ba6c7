"""What a document may do to the process that draws it, and what is left of it."""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.sources.pdf_drawing import Drawing
from yusuan.show.page_pictures import MOST_PIXELS
from yusuan.show.page_pictures import draw as draw_page
from yusuan.workers.messages import WorkerDied
from yusuan.workers.pool import Program, WorkerPool


def test_ending_a_process_ends_the_programs_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A converter that never ends, standing in for LibreOffice."""
    started = tmp_path / "started"
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\necho $$ > {started}.new\nmv {started}.new {started}\nsleep 600\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "old.rtf").write_bytes(b"{\\rtf1 }")
    task = {"path": str(tmp_path / "old.rtf"), "fact": {}, "file": "old.rtf"}
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    pool = WorkerPool(Program("yusuan.show.table", starts_programs=True))
    with ThreadPoolExecutor() as threads:
        drawing = threads.submit(pool.ask, task, 600)
        begun = _soon(started.exists)
        pool.close()
        with pytest.raises(WorkerDied):
            drawing.result()
    assert begun
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
