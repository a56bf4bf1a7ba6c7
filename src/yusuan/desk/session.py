"""One sitting at the check desk: the files put on it, what was found in them, what was decided, and what
is made of it.

Everything lies in one folder, which its owner deletes. What is checked, reported, decided and built is
what ``yusuan check --report --propose`` and ``yusuan build --patch`` give of the same files.
"""

from __future__ import annotations

import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from yusuan.checking import CheckedSources, check_sources
from yusuan.corrections import FILLED, decide, decision, proposals, read_patch, write_patch
from yusuan.files.atomic import named, whole_file
from yusuan.lexicon.numbers import parse_number
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.pipeline import build
from yusuan.portals import publish_static
from yusuan.presentation import value_label
from yusuan.reading import KeptReadings, Read
from yusuan.reports import CheckReport, as_html, card_numbers
from yusuan.reports.report import table_title
from yusuan.schema.messages import Texts, listed_texts, message
from yusuan.schema.translation import in_chinese
from yusuan.sources import limits

__all__ = ["DeskFile", "DeskPhase", "DeskSession", "file_name"]

DeskPhase = Literal["idle", "checking", "building", "publishing"]
FileState = Literal["waiting", "read", "refused"]

_MOST_FILES = 500
_MOST_BYTES = 2_048 * limits.MB
"""Of all files: what a desk holds lies on the disk twice while a package is made."""
_LONGEST_NAME = 200
"""Bytes of a name, which file systems limit to 255."""
_DEEPEST = 8
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A file on the desk; ``reason`` says why it was refused."""

    name: str
    size: int
    state: FileState = "waiting"
    reason: str = ""


def file_name(given: str) -> str:
    """The name that a file has on the desk: as given, with the folders that it lies in.

    Raises YusuanError for a name that leads elsewhere or that no file can have.

    >>> file_name("教育局/2026年部门预算.pdf")
    '教育局/2026年部门预算.pdf'
    """
    parts = given.split("/")
    for part in parts:
        if part.startswith(".") or not part.strip() or _FORBIDDEN.search(part):
            raise YusuanError(f"{printable(given[:100])}: not a name for a file; rename it")
        if len(part.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
            raise YusuanError(f"{printable(given[:100])}: the name is too long; rename it")
    if len(parts) > _DEEPEST:
        raise YusuanError(f"{printable(given[:100])}: lies too deep in folders; put in one of them")
    return given


class DeskSession:
    """Files, findings and decisions in a folder; work is done in a thread, one piece after another."""

    def __init__(self, folder: Path) -> None:
        self._sources = folder / "files"
        self._patch = folder / "patch.csv"
        self._package = folder / "package"
        self._archive = folder / "package.zip"
        self._sources.mkdir()
        self._kept = KeptReadings(folder=folder / "readings")
        self._thread = ThreadPoolExecutor(1, "desk")
        self._writing = threading.Lock()
        self._files: dict[str, DeskFile] = {}
        self._checked: CheckedSources | None = None
        self._reports: dict[str, str] = {}
        self._built = False
        self.phase: DeskPhase = "idle"
        self.problem = ""
        """Why the last piece of work could not be done; blank when it was."""
        self.told: list[str] = []
        """What the last piece of work says of single files."""
        self.published = ""
        self.used = time.monotonic()
        """When somebody was last there."""

    # files

    @contextmanager
    def arriving(self, name: str) -> Iterator[Path]:
        """A path to write a file at that is put on the desk, where it takes the place of one of the same
        name. Raises YusuanError where the desk is full or the name is none."""
        name = file_name(name)
        if len(self._files) >= _MOST_FILES and name not in self._files:
            raise YusuanError(
                f"{name}: {_MOST_FILES} files lie on the desk; build with the command"
            )
        target = self._sources / name
        if target.is_dir() or any(
            above.is_file() for above in target.parents if above.is_relative_to(self._sources)
        ):
            raise YusuanError(f"{name}: a file and a folder of one name; rename one of them")
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as made, named(made):
            yield made
            size = made.stat().st_size
        self._changed()
        self._files[name] = DeskFile(name, size)

    def room(self) -> int:
        """How many bytes may still come."""
        return _MOST_BYTES - sum(file.size for file in self._files.values())

    def remove(self, name: str) -> None:
        """Take a file from the desk. Raises YusuanError where there is none of this name."""
        if self._files.pop(name, None) is None:
            raise YusuanError(f"{printable(name[:100])}: no such file on the desk")
        (self._sources / name).unlink(missing_ok=True)
        self._changed()

    def _changed(self) -> None:
        """What was found is of other files than lie here now."""
        self._checked, self._built, self.published = None, False, ""
        self._reports.clear()

    # work

    def check(self) -> None:
        """Begin to check all files together."""
        self._begin("checking", self._check)

    def build(self, base: str | None, licence: str | None) -> None:
        """Begin to build the package, with what was accepted."""
        self._begin("building", lambda: self._build(base, licence))

    def publish(self, folder: str) -> None:
        """Begin to write the package as a static site into a folder of the machine."""
        self._begin("publishing", lambda: self._publish(folder))

    def close(self) -> None:
        """Begin nothing more; what is under way ends with the program."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _begin(self, phase: DeskPhase, work: Callable[[], None]) -> None:
        if self.phase != "idle":
            raise YusuanError("the desk is still at work; wait until it is done")
        if not self._files:
            raise YusuanError("no file lies on the desk; put one there first")
        self.phase, self.problem, self.told = phase, "", []

        def done() -> None:
            try:
                work()
            except YusuanError as error:
                self.problem = self._shown(str(error))
            except OSError as error:
                self.problem = self._shown(f"{error.filename or ''}: {error.strerror or error}")
            except Exception:
                self.problem = "this is a mistake in yusuan; please report it with the file"
                raise
            finally:
                self.used = time.monotonic()
                self.phase = "idle"

        self._thread.submit(done).add_done_callback(_raise_in_log)

    def _check(self) -> None:
        files = dict(self._files)
        paths = [self._sources / name for name in files]
        for name in files:
            self._files[name] = replace(self._files[name], state="waiting", reason="")
        checked = check_sources(paths, progress=self._progress, kept=self._kept)
        self.told = [self._shown(each) for each in (*checked.repeated, *checked.misnamed)]
        if self._files.keys() == files.keys():
            with self._writing:
                write_patch(self._patch, proposals(checked.contents, checked.findings).rows)
            self._checked = checked
            self._reports.clear()

    def _progress(self, results: Iterable[Read], total: int) -> Iterator[Read]:
        for result in results:
            name = result.path.relative_to(self._sources).as_posix()
            if file := self._files.get(name):
                state: FileState = "refused" if result.disclosure is None else "read"
                self._files[name] = replace(
                    file, state=state, reason=self._shown(result.error or "")
                )
            yield result

    def _build(self, base: str | None, licence: str | None) -> None:
        accepted = self._patch.exists() and any(row.touched for row in read_patch(self._patch).rows)
        build(
            [self._sources / name for name in self._files], self._package, base=base, licence=licence,
            patches=[self._patch] if accepted else [], kept=self._kept,
            warn=lambda each: self.told.append(self._shown(each)),
        )  # fmt: skip
        with (
            whole_file(self._archive) as made,
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for path in sorted(self._package.rglob("*")):
                archive.write(path, Path("package") / path.relative_to(self._package))
        self._built = True

    def _publish(self, folder: str) -> None:
        target = Path(folder).expanduser()
        if not target.is_absolute():
            raise YusuanError(f"{printable(folder)}: give the whole path of the folder")
        if not self._built:
            self._build(None, None)
        from yusuan.package import open_package

        publish_static(open_package(self._package), target)
        self.published = str(target)

    def _shown(self, text: str) -> str:
        """A sentence with the files as their owner calls them."""
        return printable(text.replace(f"{self._sources}/", "").replace(str(self._sources), "files"))

    # results

    def report(self, lang: str) -> str:
        """The report of ``yusuan check``; blank while nothing is checked."""
        checked = self._checked
        if checked is None:
            return ""
        if lang not in self._reports:
            self._reports[lang] = as_html(self._report(checked, lang))
        return self._reports[lang]

    def patch(self) -> Path:
        """The patch with the decisions. Raises YusuanError while nothing is checked."""
        if self._checked is None:
            raise YusuanError("the files are not checked yet; check them first")
        return self._patch

    def package(self) -> Path:
        """The package as a ZIP file. Raises YusuanError where it is not built, or not of these
        files and decisions."""
        if not self._built:
            raise YusuanError(
                "the package is not built of these files and decisions yet; build it first"
            )
        return self._archive

    def decide(self, key: str, filled: Mapping[str, str]) -> None:
        """Enter what a reviewer decides about the printed number of this key (of ``state``).

        Raises YusuanError where there is no such number, or the decision or the number is none.
        """
        path = self.patch()
        said = {name: printable(filled.get(name, "").strip())[:1000] for name in FILLED}
        said["date"] = date.today().isoformat() if any(said.values()) else ""
        if decision(said["decision"]) is None:
            raise YusuanError(f"{said['decision'][:50]}: neither accept nor reject nor blank")
        if said["corrected"] and parse_number(said["corrected"].rstrip("%％")) is None:
            raise YusuanError(f"{said['corrected'][:50]}: not a number")
        digest, _, figure = key.partition(":")
        with self._writing:
            decide(path, (digest, figure), said)
        self._built = False

    def state(self, lang: str) -> dict[str, Any]:
        """All that the page shows, as plain values."""
        checked = self._checked
        say = in_chinese if lang == "zh" else str
        found: dict[str, Any] = {
            "phase": self.phase, "problem": say(self.problem), "told": [*map(say, self.told)],
            "files": [
                {
                    "name": file.name, "size": file.size, "state": file.state,
                    "reason": say(file.reason.removeprefix(f"{file.name}: ")),
                }
                for file in self._files.values()
            ],
            "checked": checked is not None, "built": self._built, "published": self.published,
            "counts": {}, "proposals": [],
        }  # fmt: skip
        if checked is not None:
            report = self._report(checked, lang)
            found["counts"] = dict(report.counts)
            numbers = card_numbers(report)
            with self._writing:
                rows = read_patch(self._patch).rows if self._patch.exists() else ()
            known = {record.sha256 for record in checked.contents.documents}
            found["proposals"] = [
                _proposal(row.cells, numbers.get(row["finding"]), lang)
                for row in rows if row["sha256"] in known
            ]  # fmt: skip
        return found

    def _report(self, checked: CheckedSources, lang: str) -> CheckReport:
        return CheckReport(checked.contents, checked.findings, checked.paths, lang, checked.skipped)


def _proposal(cells: Mapping[str, str], number: int | None, lang: str) -> dict[str, Any]:
    """A row of the patch as the page shows it."""
    english = lang == "en"
    place = cells["location"]
    if english:
        parts: list[Texts] = [("", table_title(cells["table"] or None, lang))]
        for name in ("page", "line", "cell"):
            if value := cells[name]:
                parts.append(message(f"{name}-alone", **{name: value}))
        place = listed_texts([part for part in parts if part[1]], (" ", ", "))[1]
    names = value_label("certainty", cells["certainty"] or None)
    return {
        "key": f"{cells['sha256']}:{cells['fact'] or cells['claim']}", "number": number, "place": place,
        "reason": cells["reason_en" if english else "reason_zh"],
        "note": "" if english else cells["note"], "certainty": names[english] if names else "",
        **{name: cells.get(name, "") for name in ("file", "printed", "unit", "proposed", *FILLED)},
        "decision": decision(cells.get("decision", "")) or "",
    }  # fmt: skip


def _raise_in_log(future: Any) -> None:
    """A mistake of ours is told on the terminal, with its trace."""
    if not future.cancelled() and (error := future.exception()) is not None:
        import traceback

        with suppress(OSError):
            traceback.print_exception(error)
