"""Version of the installed software, which the provenance names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from yusuan.files.data import data_path

__all__ = ["software_version"]


@cache
def software_version() -> str:
    """The version of yusuan, from its installation or, in a bare checkout, pyproject.toml."""
    try:
        return version("yusuan")
    except PackageNotFoundError:
        project = tomllib.loads(data_path("pyproject.toml").read_text("utf-8"))
        return str(project["project"]["version"])
