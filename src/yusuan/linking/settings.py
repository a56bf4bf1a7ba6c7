"""Kinds, methods and thresholds of links, as ``schemas/linking.yaml`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from yusuan.schema import data_path, read_yaml

__all__ = ["Method", "Settings", "settings"]


@dataclass(frozen=True, slots=True)
class Method:
    """How a link was found, and how sure that makes it (0 to 1)."""

    name: str
    confidence: Decimal
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Settings:
    accept: Decimal
    predicates: Mapping[str, str]
    methods: Mapping[str, Method]
    whole: str
    part: str
    project_noise: tuple[re.Pattern[str], ...]
    own_level: re.Pattern[str]
    shortest_project: int
    similar: Mapping[str, float]
    carried_projects: int


@cache
def settings() -> Settings:
    """The settings of the installation."""
    given = read_yaml(data_path("schemas", "linking.yaml"))
    return Settings(
        accept=Decimal(str(given["accept"])),
        predicates={kind: told["predicate"] for kind, told in given["kinds"].items()},
        methods={
            name: Method(name, Decimal(str(told["confidence"])), told["title"], told["title@en"])
            for name, told in given["methods"].items()
        },
        whole=given["whole"],
        part=given["part"],
        project_noise=tuple(re.compile(pattern) for pattern in given["project_noise"]),
        own_level=re.compile(given["own_level"]),
        shortest_project=given["shortest_project"],
        similar=given["similar"],
        carried_projects=given["carried_projects"],
    )
