"""The user's own lists: a folder beside the installation that every command reads.

One folder a list, one CSV file a version: ``<list>/<year>.csv`` in the columns of an entry, with
``<list>/<year>.json`` telling which file it was imported from. ``<list>/attested.csv`` holds what
documents attest, where anything was harvested.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from yusuan.codes.entries import CodeEntry, read_entries, write_entries
from yusuan.files.atomic import named, settle, whole_set
from yusuan.model.errors import YusuanError

__all__ = [
    "ATTESTED",
    "VARIABLE",
    "Version",
    "attested_file",
    "own_entries",
    "own_folder",
    "save_attested",
    "save_version",
    "signature",
    "version_entries",
    "versions",
]

VARIABLE = "YUSUAN_CODES"
"""The environment variable that names the folder; child processes inherit it."""

ATTESTED = "attested.csv"


@dataclass(frozen=True, slots=True)
class Version:
    """An imported list of one year: the name and SHA-256 of the file, and when it was imported."""

    list: str
    year: int
    file: str
    sha256: str
    imported: str
    rows: int


def own_folder() -> Path:
    """The folder of the user's own lists; it need not exist. Raises YusuanError for a file."""
    if named := os.environ.get(VARIABLE):
        folder = _path(named)
        if not folder.is_dir() and folder.exists():
            raise YusuanError(f"{folder}: {VARIABLE} names a file; expected a folder")
    else:
        folder = _path(_data_home(), "yusuan", "codes")
    settle(folder)  # what a killed import or harvest had already committed
    return folder


@lru_cache(maxsize=64)
def _path(*parts: str) -> Path:
    """A path takes longer to make than all else that a code is looked up by."""
    return Path(*parts)


def versions(list_name: str, besides: int | None = None) -> tuple[Version, ...]:
    """The imported versions of a list, oldest first, without that of the year ``besides``.

    Raises YusuanError for a broken sidecar.
    """
    found = []
    for path in _version_files(list_name):
        if path.stem == str(besides):
            continue
        sidecar = path.with_suffix(".json")
        try:
            told = json.loads(sidecar.read_text("utf-8"))
            found.append(
                Version(list_name, int(path.stem), str(told["file"]), str(told["sha256"]),
                        str(told["imported"]), int(told["rows"]))
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise YusuanError(
                f"{sidecar}: does not tell what {path.name} was imported from ({error}); "
                f"import the list of {path.stem} again with --replace"
            ) from error
    return tuple(found)


def version_entries(list_name: str, year: int) -> list[CodeEntry]:
    """The entries of one imported version. Raises YusuanError where there is none."""
    path = own_folder() / list_name / f"{year}.csv"
    if not path.is_file():
        raise YusuanError(f"{list_name} {year}: not imported; see yusuan codes list")
    return read_entries(path)


def own_entries(list_name: str) -> list[CodeEntry]:
    """All entries of the user's own versions of a list, and those that documents attest."""
    found: list[CodeEntry] = []
    for path in _version_files(list_name):
        found += read_entries(path)
    if (path := attested_file(list_name)).is_file():
        found += read_entries(path)
    return found


def attested_file(list_name: str) -> Path:
    """Where the entries of a list that documents attest are kept; it need not exist."""
    return own_folder() / list_name / ATTESTED


def save_version(version: Version, entries: Sequence[CodeEntry]) -> Path:
    """Keep an imported version, replacing an earlier import of that year; returns its file."""
    told = {key: value for key, value in asdict(version).items() if key not in ("list", "year")}
    root = own_folder()
    with whole_set(root) as made:
        path = made / version.list / f"{version.year}.csv"
        path.parent.mkdir()
        write_entries(path, entries)
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        with named(path.with_suffix(".json")):
            path.with_suffix(".json").write_text(text, "utf-8")
    return root / version.list / f"{version.year}.csv"


def save_attested(lists: Mapping[str, Sequence[CodeEntry]]) -> dict[str, Path]:
    """Keep the entries of lists that documents attest, replacing those kept before: of all lists
    given or of none. Returns the files by list."""
    if not lists:
        return {}
    with whole_set(own_folder()) as made:
        for name, entries in lists.items():
            path = made / name / ATTESTED
            path.parent.mkdir()
            write_entries(path, entries)
    return {name: attested_file(name) for name in lists}


def signature(list_name: str) -> tuple[tuple[str, int, int], ...]:
    """The user's files of a list with their times and sizes: what a cache depends on.

    It is asked for with every code, so that a list without files costs one call of the system.
    """
    try:
        entries = os.scandir(f"{own_folder()}/{list_name}")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    with entries:
        files = [
            (entry.path, entry.stat()) for entry in entries
            if (entry.name == ATTESTED or _is_version(entry.name)) and entry.is_file()
        ]  # fmt: skip
    return tuple(sorted((path, stat.st_mtime_ns, stat.st_size) for path, stat in files))


def _version_files(list_name: str) -> list[Path]:
    folder = own_folder() / list_name
    return sorted(
        path for path in folder.glob("*.csv") if _is_version(path.name) and path.is_file()
    )


def _is_version(name: str) -> bool:
    """Whether a file has the name of a version: 2024.csv."""
    return name.endswith(".csv") and name.removesuffix(".csv").isdigit()


def _data_home() -> str:
    if home := os.environ.get("XDG_DATA_HOME"):
        return home
    home = str(_home(os.environ.get("HOME"), os.environ.get("USERPROFILE")))
    if sys.platform == "darwin":
        return f"{home}/Library/Application Support"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return local
    return f"{home}/.local/share"


@lru_cache(maxsize=8)
def _home(*variables: str | None) -> Path:
    """The home of the user, as these variables of the environment tell it."""
    return Path.home()
