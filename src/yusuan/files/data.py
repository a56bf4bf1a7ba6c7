"""Where the data files are: beside the code in a wheel, at the top level in a checkout."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from yusuan.files.cache import cached
from yusuan.model.errors import YusuanError

__all__ = ["data_path", "of_content", "read_csv", "read_yaml"]

_PACKAGE = Path(__file__).resolve().parents[1]


def data_path(*parts: str) -> Path:
    """Path of a file or folder of ``schemas``, ``ontology`` or ``publish``.

    Raises YusuanError where there is none: the installation is incomplete.
    """
    for root in (_PACKAGE / "data", _PACKAGE.parents[1]):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise YusuanError(f"{'/'.join(parts)}: not found; the installation of yusuan is incomplete")


@cache
def read_yaml(path: Path) -> Any:
    """The content of one YAML file of the data folders, from the cache as long as the file is the
    same. Raises YusuanError with file and line."""
    return of_content(path, "yaml", _parsed)


def of_content(path: Path, kind: str, parse: Callable[[str, str], Any]) -> Any:
    """What ``parse`` makes of the text of a data file and its name, from the cache where the same
    was parsed before; ``kind`` is what it makes. Raises what it raises."""
    content = path.read_bytes()
    where = hashlib.blake2b(str(path).encode(), digest_size=4).hexdigest()
    key = hashlib.blake2b(content, digest_size=16).hexdigest()
    name = f"{kind}-{path.stem}-{where}"
    return cached(name, key, lambda: parse(content.decode("utf-8"), path.name))


def _parsed(text: str, name: str) -> Any:
    import yaml

    # ten times faster, where it was built
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise YusuanError(f"{name}: not valid YAML: {error}") from error


@cache
def read_csv(path: Path) -> tuple[dict[str, str], ...]:
    """Rows of one CSV file of the data folders."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
