"""Data flows one way: a folder may import those before it, never those after."""

import ast
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

ORDER = (
    "model", "workers", "files", "lexicon", "schema", "sources", "codes", "tables", "narrative", "reading", "facts", "linking",
    "error_localisation", "checks", "checking", "corrections", "figures", "package", "presentation", "show", "reports", "database", "explorer", "graph", "virtual_graph", "sparql", "sql", "pipeline", "serve", "portals", "desk", "cli",
)  # fmt: skip
SOURCE = ROOT / "src" / "yusuan"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE)
LONGEST = 600


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> set[str]:
    """The folders of yusuan that a module imports, relative imports included."""
    package = ["yusuan", *path.relative_to(SOURCE).parts[:-1]]
    found = set()
    for node in ast.walk(parsed(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            prefix = package[: len(package) + 1 - node.level] if node.level else []
            names = [".".join([*prefix, node.module or ""]).rstrip(".")]
            if names == ["yusuan"]:
                names = [f"yusuan.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("yusuan.")}
    return found


def downstream(path: Path) -> set[str]:
    """What a module imports of the folders after its own."""
    own = path.relative_to(SOURCE).parts[0]
    allowed = set(ORDER[: ORDER.index(own) + 1])
    if own == "cli":
        allowed.add("__version__")
    return imported(path) - allowed


def test_imports_only_point_upstream() -> None:
    assert len(MODULES) > 200
    found = {path.relative_to(SOURCE).as_posix(): downstream(path) for path in MODULES}
    assert {name: folders for name, folders in found.items() if folders} == {}


def test_every_folder_has_its_place_in_the_flow() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders - {"data"} == set(ORDER) - {"checking", "pipeline", "presentation", "reading"}


def test_modules_hold_one_idea() -> None:
    lines = {path.as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_a_class_name_is_used_once() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(path.relative_to(SOURCE).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


MOST_CHINESE = 145
"""String literals with Chinese characters in all of src; words belong to lexicon.yaml and to the
schemas, sentences to messages.yaml."""


def chinese_literals(path: Path) -> list[str]:
    """The string literals of a module with Chinese characters, a formatted one as one, without
    docstrings."""
    tree = parsed(path)
    skipped = {
        id(each.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for each in node.body
        if isinstance(each, ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            skipped |= set(map(id, parts))
            text = "".join(str(part.value) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in skipped else node.value
        if any("\u4e00" <= char <= "\u9fff" for char in text):
            found.append(text)
    return found


def test_words_are_data() -> None:
    found = [text for path in MODULES for text in chinese_literals(path)]
    assert len(found) <= MOST_CHINESE
