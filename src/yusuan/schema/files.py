"""Where the data files are: beside the code in a wheel, at the top level in a checkout."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yusuan.model.errors import YusuanError

__all__ = ["data_path", "read_csv", "read_yaml"]

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


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where it was built


@cache
def read_yaml(path: Path) -> Any:
    """Parse one YAML file of the data folders. Raises YusuanError with file and line."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise YusuanError(f"{path.name}: not valid YAML: {error}") from error


@cache
def read_csv(path: Path) -> tuple[dict[str, str], ...]:
    """Rows of one CSV file of the data folders."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
