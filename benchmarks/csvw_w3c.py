"""The W3C tests of CSVW to RDF against the processor in ``tests/graph/csvw``.

``python -m benchmarks.csvw_w3c [--failed]`` prints the score. The tests are read from the
folder ``csvw`` of YUSUAN_W3C, by default ../shared/reference/w3c beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rdflib
from rdflib.compare import isomorphic
from tests.conftest import ROOT
from tests.graph.csvw import names
from tests.graph.csvw.convert import converted
from tests.graph.csvw.locate import located
from tests.graph.csvw.names import MetadataError

SITE = "http://www.w3.org/2013/csvw/tests/"


def folder() -> Path:
    """Where the W3C tests are, whether there or not."""
    return Path(os.environ.get("YUSUAN_W3C", ROOT.parent / "shared" / "reference" / "w3c")) / "csvw"


def results(tests: Path) -> Iterator[tuple[str, str, str]]:
    """Each test: its name, its kind, and what went wrong ("" when it passed)."""
    manifest = json.loads((tests / "manifest-rdf.jsonld").read_text("utf-8"))
    names.FILES[SITE] = tests
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # the tests hold invalid literals
    rdflib.NORMALIZE_LITERALS = False
    try:
        for entry in manifest["entries"]:
            name = entry["id"].rpartition("#")[2]
            yield name, entry["type"].removeprefix("csvt:"), _verdict(entry, tests)
    finally:
        rdflib.NORMALIZE_LITERALS = True
        del names.FILES[SITE]


def _verdict(entry: dict[str, Any], tests: Path) -> str:
    option = entry.get("option", {})
    user = option.get("metadata")
    try:
        found = converted(
            *located(SITE + entry["action"], SITE + user if user else None, entry.get("httpLink")),
            minimal=bool(option.get("minimal")),
        )
    except MetadataError as error:
        return "" if entry["type"].endswith("NegativeRdfTest") else f"refused: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if entry["type"].endswith("NegativeRdfTest"):
        return "not refused"
    expected = rdflib.Graph()
    expected.parse(tests / entry["result"], format="turtle", publicID=SITE + entry["result"])
    return "" if isomorphic(found, expected) else "other triples"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failed", action="store_true", help="name what failed")
    given = parser.parse_args(arguments)
    if not folder().is_dir():
        parser.error(f"the W3C tests are not at {folder()} (set YUSUAN_W3C)")
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, kind, wrong in results(folder()):
        total[kind] += 1
        passed[kind] += not wrong
        if wrong and given.failed:
            print(f"{name}\t{kind}\t{wrong}")
    for kind in total:
        print(f"{kind:24} {passed[kind]:4} of {total[kind]:4}")
    print(f"{'all':24} {passed.total():4} of {total.total():4}")


if __name__ == "__main__":
    main()
