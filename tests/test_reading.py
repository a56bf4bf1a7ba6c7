"""Documents are read in processes that may hang, crash or be told to end."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.sources.hostile import pdf_file
from tests.sources.makers import csv_file, html_file
from yusuan import reading
from yusuan.model.errors import YusuanError
from yusuan.narrative.disclosure import understand
from yusuan.reading import Readers
from yusuan.sources import find_sources, read_document
from yusuan.workers import pool

PATIENCE = 60.0


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.csv" for number in range(6)]
    for number, path in enumerate(made):
        path.write_bytes(csv_file() + b"\r\n" * number)
    return made


@pytest.mark.parametrize("jobs", [1, 3])
def test_documents_come_back_whole_and_in_order(files: list[Path], jobs: int) -> None:
    with Readers(jobs) as readers:
        results = list(readers.read(files))
    assert [result.path for result in results] == files
    assert [result.disclosure for result in results] == [
        understand(read_document(f)) for f in files
    ]


def test_without_processes_of_their_own_they_are_read_here(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_PROCESSES", False)
    with Readers() as readers:
        first, none = readers.read([files[0], files[0].with_name("none.csv")])
        assert readers.idle == [os.getpid()]
    assert first.disclosure == understand(read_document(files[0]))
    assert none.error is not None and none.error.endswith("none.csv: no such file")


def test_a_process_is_used_again(files: list[Path]) -> None:
    with Readers() as readers:
        seen = set()
        for path in files:
            list(readers.read([path]))
            seen.update(readers.idle)
    assert len(seen) == 1


def test_one_that_is_too_slow_is_replaced(files: list[Path]) -> None:
    with Readers(seconds=0.0) as readers:
        (late,) = readers.read(files[:1])
        assert late.kind == "late"
        assert late.error is not None and "not read within 0 seconds" in late.error
        readers._seconds = PATIENCE
        (fine,) = readers.read(files[:1])
        assert fine.disclosure is not None


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited where the system tells it")
def test_one_that_needs_too_much_memory_is_replaced(tmp_path: Path, files: list[Path]) -> None:
    large = tmp_path / "large.html"
    large.write_bytes(html_file() * 200)
    with Readers(memory=4 << 20) as readers:
        (result,) = readers.read([large])
        assert result.kind in ("memory", "crashed")
        assert result.error is not None and "4 MB of memory" in result.error
        assert [result.path for result in readers.read(files)] == files


def test_one_that_crashed_is_replaced(files: list[Path]) -> None:
    with Readers() as readers:
        list(readers.read(files[:1]))
        (process,) = readers.idle
        os.kill(process, signal.SIGSTOP)  # before it can answer
        with ThreadPoolExecutor() as threads:
            begun = threads.submit(lambda: list(readers.read(files[1:2])))
            while readers.idle:
                time.sleep(0.01)
            os.kill(process, signal.SIGSEGV)
            os.kill(process, signal.SIGCONT)
            (result,) = begun.result()
        assert result.kind == "crashed" and result.error and "SIGSEGV" in result.error
        assert all(result.disclosure for result in readers.read(files))


def test_one_that_died_idle_is_replaced(files: list[Path]) -> None:
    with Readers() as readers:
        list(readers.read(files[:1]))
        (process,) = readers.idle
        os.kill(process, signal.SIGKILL)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        (result,) = readers.read(files[1:2])
        assert result.disclosure is not None


def test_a_mistake_of_ours_is_told_as_one(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise IndexError("list index\nout of range")

    monkeypatch.setattr(pool, "_PROCESSES", False)
    monkeypatch.setattr(reading, "read_document", broken)
    with Readers() as readers:
        (result,) = readers.read(files[:1])
    assert result.kind == "failed" and result.error
    assert "IndexError in reading.py, line " in result.error and "\n" not in result.error


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert find_sources([tmp_path]) == files


def test_what_may_not_be_listed_is_one_finding(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    listed = Path.iterdir

    def iterdir(path: Path):  # type: ignore[no-untyped-def]
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert closed in find_sources([tmp_path])
    with pytest.raises(YusuanError, match="closed: not a file but a folder"):
        read_document(closed)


def test_what_may_not_be_read_says_so(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(YusuanError, match=r"0\.csv: may not be read"):
        read_document(files[0])


def test_names_in_gbk_and_with_control_characters(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), "预算\x1b.csv".encode("gbk"))  # noqa: PTH118
    Path(os.fsdecode(raw)).write_bytes(csv_file())
    with Readers() as readers:
        (result,) = readers.read([Path(os.fsdecode(raw))])
    assert result.disclosure is not None
    assert result.disclosure.document.file == "预算 .csv"


def heeds_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def running(tmp_path: Path, script: str, stderr: int | None = None) -> subprocess.Popen[bytes]:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(pdf_file())
    (tmp_path / "in" / "b.csv").write_bytes(csv_file())
    program = tmp_path / "build.py"
    program.write_text(script)
    return subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "in"), str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=tmp_path,
        # where the tests run in the background, Ctrl-C is ignored unless set again
        preexec_fn=heeds_interrupts,
    )


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_plain_script_needs_no_guard(tmp_path: Path) -> None:
    process = running(
        tmp_path, "import sys, yusuan\nyusuan.build(sys.argv[1], sys.argv[2], jobs=2)\n"
    )
    assert process.wait(PATIENCE) == 0
    process.communicate()
    assert (tmp_path / "out" / "datapackage.json").exists()


READING = """
import sys, time, yusuan
def slowly(results, total):
    for result in results:
        print("one", flush=True)
        time.sleep(60)
        yield result
yusuan.build(sys.argv[1], sys.argv[2], jobs=2, progress=slowly)
"""
WRITING = """
import sys, time, yusuan, yusuan.pipeline
def slowly(*_):
    print("one", flush=True)
    time.sleep(60)
yusuan.pipeline.write_graph = slowly
yusuan.build(sys.argv[1], sys.argv[2])
"""
QUERYING = """
import sys, yusuan.pipeline
from yusuan.cli.main import main
from yusuan.checks.sql.ledger import Ledger
def slowly(ledger):
    print("one", flush=True)
    ledger.connection.execute("select count(*) from range(100000000000) a, range(100000) b")
Ledger.relations = slowly
main(["build", sys.argv[1], "-o", sys.argv[2]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("script", [READING, WRITING], ids=["reading", "writing"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, script: str, number: int) -> None:
    process = running(tmp_path, script)
    assert process.stdout is not None
    assert process.stdout.readline() == b"one\n"
    children = children_of(process.pid)
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert all(gone(child) for child in children)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build.py", "in"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(("number", "said"), [
    (signal.SIGTERM, b"Error: told to end (SIGTERM); nothing is half written"),
    (signal.SIGINT, b"Aborted!"),
], ids=["SIGTERM", "SIGINT"])  # fmt: skip
def test_a_signal_within_a_query_is_one_sentence(tmp_path: Path, number: int, said: bytes) -> None:
    """DuckDB makes an exception of its own of the one that a signal raises."""
    process = running(tmp_path, QUERYING, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"one\n"
    process.send_signal(number)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert told.strip().splitlines()[-1:] == [said] and b"Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build.py", "in"]
