"""What yusuan is installed with: whether its licences may be, and what is known against it.

``python -m tests.dependencies licences`` (``make licences``) lists every distribution of
requirements/runtime.txt with the licence that its metadata state, and exits 1 where one is not
allowed by requirements/licences.yaml. ``python -m tests.dependencies audited ANSWER`` says what an
answer of pip-audit means (``.ci/audit``).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Protocol

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
HASH = re.compile(r"\s--hash=(\S+)")


@dataclass(frozen=True)
class Pin:
    """An entry of a lock: a requirement with ``==``, perhaps a marker, and hashes of its files."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> str:
        (specifier,) = self.requirement.specifier
        return specifier.version


def pins(lock: Path) -> Iterator[Pin]:
    """The entries of a file in requirements form; comments are left out."""
    text = re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text("utf-8")).replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip():
            yield Pin(Requirement(HASH.sub("", line).strip()), tuple(HASH.findall(line)))


class Stated(Protocol):
    """Core metadata of a distribution, as ``importlib.metadata`` gives them."""

    def get(self, name: str) -> str | None: ...
    def get_all(self, name: str) -> Sequence[str] | None: ...


class Metadata(dict[str, list[str]]):
    """Core metadata made up: names of fields with all their values."""

    def get_all(self, name: str) -> Sequence[str] | None:  # type: ignore[override]
        return super().get(name)

    def get(self, name: str) -> str | None:  # type: ignore[override]
        values = super().get(name)
        return values[0] if values else None


@dataclass(frozen=True)
class Policy:
    """Which licences may be: SPDX identifiers, each with the other ways it is written."""

    allowed: Mapping[str, Sequence[str]]
    looked_up: Mapping[str, str]
    """Distributions whose metadata do not say it well, with what their files say."""

    def one(self, name: str) -> bool:
        """Whether a licence by itself is allowed."""
        name = name.strip().casefold()
        return any(
            name in (spdx.casefold(), *(other.casefold() for other in others))
            for spdx, others in self.allowed.items()
        )

    def expression(self, text: str) -> bool:
        """Whether an SPDX expression is: of alternatives (OR) one is enough. ``WITH`` only loosens.

        >>> policy = Policy({"MIT": ["MIT License"]}, {})
        >>> [policy.expression(text) for text in ("MIT", "GPL-3.0 OR (MIT)", "MIT AND GPL-3.0")]
        [True, True, False]
        """
        try:
            value, rest = self._any(re.findall(r"[()]|[^\s()]+", text))
        except IndexError:  # it breaks off
            return False
        return value and not rest

    def _any(self, tokens: list[str]) -> tuple[bool, list[str]]:
        value, tokens = self._all(tokens)
        while tokens and tokens[0].upper() == "OR":
            other, tokens = self._all(tokens[1:])
            value = value or other
        return value, tokens

    def _all(self, tokens: list[str]) -> tuple[bool, list[str]]:
        value, tokens = self._term(tokens)
        while tokens and tokens[0].upper() == "AND":
            other, tokens = self._term(tokens[1:])
            value = value and other
        return value, tokens

    def _term(self, tokens: list[str]) -> tuple[bool, list[str]]:
        if tokens[0] == "(":
            value, rest = self._any(tokens[1:])
            return value and rest[0] == ")", rest[1:]
        rest = tokens[3:] if [token.upper() for token in tokens[1:2]] == ["WITH"] else tokens[1:]
        return self.one(tokens[0]), rest

    def judged(self, name: str, stated: Stated) -> tuple[bool, str]:
        """Whether a distribution may be used, and what it states. Nothing stated may not."""
        if name in self.looked_up:
            return self.expression(self.looked_up[name]), self.looked_up[name]
        if expression := stated.get("License-Expression"):
            return self.expression(expression), expression
        classifiers = [
            classifier.rpartition(" :: ")[2]
            for classifier in stated.get_all("Classifier") or ()
            if classifier.startswith("License :: ") and not classifier.endswith("OSI Approved")
        ]
        if classifiers:  # nobody says whether all of them hold or one
            return all(map(self.one, classifiers)), " AND ".join(classifiers)
        text = (stated.get("License") or "").strip()
        return self.one(text) or self.expression(text), text.split("\n")[0][:60] or "not stated"


def policy() -> Policy:
    """What requirements/licences.yaml says."""
    data: dict[str, Any] = yaml.safe_load((LOCKS / "licences.yaml").read_text("utf-8"))
    return Policy(data["allowed"], data["looked up"])


def licences(lock: Path = LOCKS / "runtime.txt") -> int:
    """Print each distribution of a lock that is for this Python, with its licence.

    Returns the exit status: 1 where a licence is not allowed or a distribution not installed.
    """
    held = policy()
    wrong = 0
    for pin in pins(lock):
        marker = pin.requirement.marker
        if marker is not None and not marker.evaluate():
            continue
        name = pin.requirement.name
        try:
            found: Any = metadata(name)
        except PackageNotFoundError:
            allowed, licence = False, "not installed: run `make licences`, which installs the lock"
        else:
            allowed, licence = held.judged(name, found)
            if found["Version"] != pin.version:
                allowed, licence = False, f"{found['Version']} is installed, not {pin.version}"
        wrong += not allowed
        print(f"{'  ' if allowed else 'NO'} {name} {pin.version}: {licence}")
    if wrong:
        print(f"{wrong} distributions may not be used (requirements/licences.yaml says why)")
    return 1 if wrong else 0


def audited(answer: Path) -> int:
    """Say what an answer of pip-audit means (JSON, ``dependencies``).

    Returns the exit status: 1 where a vulnerability is known, 2 where not everything was looked up.
    A service that does not know the names skips them, and pip-audit is content with that.
    """
    try:
        found = json.loads(answer.read_text("utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        print("not audited: no advisory service could be reached")
        return 2
    faults = [(one, fault) for one in found for fault in one.get("vulns", ())]
    for one, fault in faults:
        mended = ", ".join(fault["fix_versions"]) or "no release"
        print(f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}")
    if faults:
        return 1
    skipped = sum("skip_reason" in one for one in found)
    if skipped or not found:
        print(f"not audited: the service knows nothing of {skipped} of {len(found)} distributions")
        return 2
    print(f"no vulnerability is known of {len(found)} distributions")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["licences"]:
        sys.exit(licences())
    if sys.argv[1:2] == ["audited"] and len(sys.argv) == 3:
        sys.exit(audited(Path(sys.argv[2])))
    sys.exit(__doc__)
