"""Names, URI templates and files of the web, which stand below a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CSVW = "http://www.w3.org/ns/csvw#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
PREFIXES = {
    "csvw": CSVW, "xsd": XSD, "rdf": RDF, "rdfs": RDFS,
    "dc": "http://purl.org/dc/terms/", "dcterms": "http://purl.org/dc/terms/",
    "dc11": "http://purl.org/dc/elements/1.1/", "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/", "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#", "owl": "http://www.w3.org/2002/07/owl#",
    "org": "http://www.w3.org/ns/org#", "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#", "oa": "http://www.w3.org/ns/oa#",
    "void": "http://rdfs.org/ns/void#", "gr": "http://purl.org/goodrelations/v1#",
    "time": "http://www.w3.org/2006/time#", "vcard": "http://www.w3.org/2006/vcard/ns#",
    "cc": "http://creativecommons.org/ns#", "ma": "http://www.w3.org/ns/ma-ont#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#", "wdr": "http://www.w3.org/2007/05/powder#",
}  # fmt: skip
"""Of the initial context of RDFa, which CSVW shares; those that occur."""

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
RESERVED = frozenset(b":/?#[]@!$&'()*+,;=")


class MetadataError(Exception):
    """What a processor must refuse."""


FILES: dict[str, Path] = {}
"""Where the files below a URL stand; empty when none may be read."""


def load(url: str) -> bytes | None:
    for prefix, folder in FILES.items():
        if url.startswith(prefix):
            path = folder / url.removeprefix(prefix).partition("?")[0].partition("#")[0]
            return path.read_bytes() if path.is_file() else None
    return None


def load_json(url: str) -> dict[str, Any]:
    content = load(url)
    if content is None:
        raise MetadataError(f"{url}: not there")
    document = json.loads(content)
    if not isinstance(document, dict):
        raise MetadataError(f"{url}: no object")
    return document


def encoded(text: str, kept: frozenset[int] = UNRESERVED) -> str:
    """Percent-encoded for a URI; what is already so stays with ``kept`` of reserved characters."""
    return "".join(chr(o) if o in kept else f"%{o:02X}" for o in text.encode("utf-8"))


def column_name(title: str) -> str:
    """The name of a column that has a title only: the characters of a template's variable."""
    return encoded(title, UNRESERVED - frozenset(b"-~"))


def expanded(name: str) -> str:
    """The IRI of a prefixed name; anything else as it is."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name


def filled(template: str, values: Mapping[str, str]) -> str:
    """RFC 6570, of its operators those that occur: simple, reserved and fragment expansion."""

    def one(match: re.Match[str]) -> str:
        kept = UNRESERVED | RESERVED if match[1] else UNRESERVED
        found = [encoded(values[name], kept) for name in match[2].split(",") if name in values]
        start = "#" if match[1] == "#" and found else ""
        return start + ",".join(found)

    return re.sub(r"\{([+#]?)([^}]*)\}", one, template)
