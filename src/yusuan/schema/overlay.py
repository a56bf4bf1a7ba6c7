"""A user's own synonyms and rules: a folder that adds to the files of ``schemas/``.

It is laid out like ``schemas/`` and may hold ``tables/*.yaml``, ``lists/*.yaml`` and
``rules.yaml``. Files of tables and lists add printed titles, headings or synonyms to the file of
the same name, and nothing else::

    # tables/revenue-summary.yaml
    titles: [单位收入一览表]
    fields:
      - {name: total, headings: [收入总额]}

Rules are added, changed or switched off (``yusuan.checks.rules``). What a file repeats from the
original is ignored, so that an edited copy works as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError

__all__ = ["VARIABLE", "Overlay", "overlay_folder", "using_schemas"]

VARIABLE = "YUSUAN_SCHEMAS"
"""The environment variable that names the folder; child processes inherit it."""

_FOLDERS = ("tables", "lists")
_RULES = ("rules.yaml",)
_ADDED = frozenset({"titles", "headings", "synonyms", "columns"})
"""Keys whose lists may grow; columns are the headings of a phase."""


def overlay_folder() -> str | None:
    """The folder in use, or None."""
    return os.environ.get(VARIABLE) or None


@contextmanager
def using_schemas(folder: Path | None) -> Iterator[None]:
    """Add the words of a folder, here and in child processes, for as long as this lasts."""
    before = os.environ.get(VARIABLE)
    if folder is not None:
        os.environ[VARIABLE] = str(folder.resolve())
    try:
        yield
    finally:
        if before is not None:
            os.environ[VARIABLE] = before
        else:
            os.environ.pop(VARIABLE, None)


class Overlay:
    """The files of one folder, merged into descriptors as these are read."""

    def __init__(self, folder: str | None, schemas: Path) -> None:
        """Raises YusuanError for a folder that is missing or holds other files than these."""
        self._files: dict[tuple[str, str], Path] = {}
        if folder is None:
            return
        root = Path(folder)
        if not root.is_dir():
            raise YusuanError(f"{folder}: no such folder; {VARIABLE} names one with more synonyms")
        rules = False
        for path in sorted((*root.rglob("*.yaml"), *root.rglob("*.yml"))):
            parts = path.relative_to(root).parts
            known = schemas.joinpath(*parts)
            if parts == _RULES:
                rules = True
            elif len(parts) == 2 and parts[0] in _FOLDERS and known.is_file():
                self._files[parts[0], parts[1]] = path
            elif not (known.is_file() and known.read_bytes() == path.read_bytes()):
                raise YusuanError(f"{path}: {_why_not(parts, schemas)}")
        if not self._files and not rules:
            raise YusuanError(
                f"{folder}: nothing to add; expected tables/NAME.yaml, lists/NAME.yaml or rules.yaml"
            )

    def merged(self, descriptor: Mapping[str, Any], folder: str, name: str) -> dict[str, Any]:
        """A descriptor of ``schemas/`` with the words that are added to it.

        Raises YusuanError naming the file and the key that adds anything else.
        """
        path = self._files.get((folder, name))
        if path is None:
            return dict(descriptor)
        import yaml  # only for who has words of their own

        try:
            added = yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise YusuanError(f"{path}: not valid YAML: {error}") from error
        if not isinstance(added, dict):
            raise YusuanError(f"{path}: expected keys such as `titles:` or `fields:`")
        return _mapping(descriptor, added, str(path), "")


def _why_not(parts: Sequence[str], schemas: Path) -> str:
    if len(parts) == 2 and parts[0] in _FOLDERS:
        names = sorted(path.stem for path in (schemas / parts[0]).glob("[!_]*.yaml"))
        return f"there is no {parts[0]}/{parts[1]} to add to; there are {', '.join(names)}"
    return "only tables/NAME.yaml, lists/NAME.yaml and rules.yaml can be added to"


def _mapping(
    base: Mapping[str, Any], added: Mapping[str, Any], file: str, at: str
) -> dict[str, Any]:
    merged = dict(base)
    for key, value in added.items():
        place = f"{at}{key}"
        if key in _ADDED:
            merged[key] = _words(base.get(key, ()), value, file, place)
        elif value == base.get(key):
            continue
        elif key in ("fields", "sides", "rows") and key in base and isinstance(value, list):
            merged[key] = _entries(base[key], value, file, place)
        else:
            raise YusuanError(
                f"{file}, {place}: cannot be changed; only titles, headings and synonyms are added"
            )
    return merged


def _entries(base: Sequence[Any], added: Sequence[Any], file: str, place: str) -> list[Any]:
    key = "code" if "code" in base[0] else "name"
    merged = {entry[key]: entry for entry in base}
    for number, entry in enumerate(added, start=1):
        name = entry.get(key) if isinstance(entry, dict) else None
        if name not in merged:
            known = ", ".join(map(str, merged))
            raise YusuanError(
                f"{file}, {place}, entry {number}: {key} {name!r} is not one of {known}"
            )
        merged[name] = _mapping(merged[name], entry, file, f"{place} {name}, ")
    return list(merged.values())


def _words(base: Sequence[str], added: Any, file: str, place: str) -> list[str]:
    if not isinstance(added, list) or not all(isinstance(word, (str, int)) for word in added):
        raise YusuanError(f"{file}, {place}: expected a list of words, such as [合计, 总计]")
    return list(dict.fromkeys([*map(str, base), *map(str, added)]))
