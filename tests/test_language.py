"""The command line speaks one language: with zh no English but names, with en no Chinese but names; and
each sentence of the code has its Chinese."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT, SAMPLE
from yusuan.cli import main
from yusuan.cli.language import CommandContext
from yusuan.cli.reference import commands_of
from yusuan.files.data import data_path, read_yaml
from yusuan.schema.translation import speaking, translated

SENTENCES: list[dict[str, str]] = read_yaml(data_path("schemas", "sentences.yaml"))
CHINESE = re.compile(r"[\u3400-\u9fff]")

NAMES = re.compile(
    r"`[^`]*`"  # code
    r"|--?[a-z][\w-]*|\[[a-z|-]+\]"  # options and their values
    r"|https?:\S+|\S*[/@]\S*|[\w*-]+\.[a-z_]+\w*"  # addresses, paths, files
    r"|\b[A-Z][\w-]*"  # acronyms, products, placeholders: no sentence of ours begins with "The" in zh
    r"|\byusuan(?: [a-z]+)*"
)
"""Names of things in a Chinese text: what is left has no English word."""
ALSO_NAMES = frozenset(
    [
        "accept",
        "aboutUrl",
        "agreed",
        "arm",
        "base",
        "brew",
        "ckan",
        "conflict",
        "corrected",
        "criterion",
        "csv",
        "csv,tsv",
        "decision",
        "family",
        "file",
        "github",
        "gitlab",
        "html",
        "id",
        "install",
        "json",
        "jsonl",
        "jsonld",
        "libarchive",
        "new",
        "ntriples",
        "owl",
        "prefix",
        "propertyUrl",
        "qb",
        "rdfType",
        "rdfs",
        "rdfxml",
        "reject",
        "replaces",
        "retrieved",
        "reviewer",
        "row",
        "sarif",
        "sha",
        "skos",
        "source",
        "string",
        "text",
        "tsv",
        "turtle",
        "url",
        "verdict",
        "xml",
        "xsd",
        "ys",
        "zh",
        "en",
        "available",
        "against",
        "number",
        "integer",
        "false",
        "true",
        "start",
        "end",
        "title",
        "name",
        "titles",
        "fields",
        "constraints",
        "resource",
        "reference",
        "rules",
        "lexicon.yaml",
        "path",
        "type",
    ]
)


CHINESE_TERMS = frozenset(
    ["类", "款", "项", "年", "合计", "总计", "住房公积金", "政府收支分类科目"]
)
"""Names and examples in English texts."""


def english_of(text: str) -> list[str]:
    """The English words of a Chinese text that are no names."""
    assert "The " not in text, text
    found = re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", text))
    return [word for word in found if word not in ALSO_NAMES]


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=env)


# The list


def test_each_sentence_stands_once_with_the_same_values() -> None:
    counts = Counter(entry["en"] for entry in SENTENCES)
    assert [english for english, count in counts.items() if count > 1] == []
    for entry in SENTENCES:
        assert set(entry) == {"en", "zh"}
        assert re.search("[\u3000-\u9fff\uff00-\uffef]", entry["zh"]), entry
        terms = re.findall(r"[\u3400-\u9fff]+", entry["en"])
        assert set(terms) <= CHINESE_TERMS, entry
        named = set(re.findall(r"\{[a-z_]{2,}(?:!r)?\}", entry["en"]))
        assert set(re.findall(r"\{[a-z_]{2,}(?:!r)?\}", entry["zh"])) <= named, entry
        places = len(re.findall(r"\{[nw]?\}", entry["en"]))
        given = re.findall(r"\{(\d*)\}", entry["zh"])
        assert len([n for n in given if not n]) + len({n for n in given if n}) == places, entry


def test_values_are_put_where_the_chinese_has_them() -> None:
    with speaking("zh"):
        assert translated("a b.pdf: more cells in tables than the 9 that are read of a document. "
                          "Save the pages that matter in a new file") == (
            "a b.pdf：一个文件最多读9个表中的单元格。请把要紧的页另存为新文件"
        )  # fmt: skip
        assert translated("x: cannot be read: No such file or directory") == (
            "x：读不了：没有这个文件或文件夹"
        )
        assert translated("Corrections: 5 applied, 1 rejected, 3 undecided (data/corrections.csv; "
                          "published values stay)") == (
            "更正：已用5处，不采纳1处，未定3处（data/corrections.csv；公布的数不变）"
        )  # fmt: skip
        assert translated(
            "p.csv: 5 proposed corrections, 4 more to look up (without a proposal)"
        ) == ("p.csv：5处更正建议，另有4处待查（没有建议的数）")
    assert translated("x: the file is empty") == "x: the file is empty"


def test_names_within_a_sentence_stay() -> None:
    """A column may be called as a word of the list is."""
    with speaking("zh"):
        assert translated("facts, line 138, printed: none") == "facts 第138行，printed：none"
        assert translated("none") == "无"


# The code


def texts_of(node: ast.AST) -> str | None:
    """A text literal with a value at each place, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"甲{n}"
            for n, part in enumerate(node.values)
        )
    return None


NEVER_TOLD = ("error_localisation/", "workers/serialization.py", "workers/pool.py", "workers/sandbox.py",
              "sql/", "serve/visitor_limits.py")  # fmt: skip
"""Where an error is a mistake of ours, or an answer of the site."""
TOLD_BY = re.compile(r"(?:Yusuan|Row|Sparql)Error$|^(?:Exceeded|Occupied|Absent|CkanRefused|CkanTooLarge"
                     r"|BadQuery|QueryRefused|NotAcceptable|UnknownFormat|UsageError|tell)$")  # fmt: skip


def told_by_the_code() -> Iterator[tuple[str, str]]:
    """Each sentence that a command prints or an error says, with its place."""
    folder = ROOT / "src" / "yusuan"
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder).as_posix()
        if place.startswith((*NEVER_TOLD, "explorer/", "serve/search.py", "database/search.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for argument in node.args[:1] if TOLD_BY.search(name) else ():
                text = texts_of(argument)
                if text and re.search("[a-z]{3}", text):
                    yield f"{place}:{node.lineno}", text


def test_each_error_and_note_has_its_chinese() -> None:
    found = list(told_by_the_code())
    assert len(found) > 250
    with speaking("zh"):
        left = {
            place: (text, translated(text)) for place, text in found if english_of(translated(text))
        }
    assert left == {}


def test_each_sentence_of_click_has_its_chinese() -> None:
    listed = {entry["en"] for entry in SENTENCES}
    ours = (
        click.core, click.exceptions, click.formatting, click.parser, click.types,
    )  # fmt: skip
    for_programmers = re.compile("defined twice|Boolean option|Could not determine|No options defined|"
                                 "Arguments take exactly|env var")  # fmt: skip
    for module in ours:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                for argument in node.args:
                    text = texts_of(argument)
                    if text and not for_programmers.search(text):
                        assert text in listed, f"{module.__name__}: {text}"


# Help


@pytest.mark.parametrize(("path", "command"), list(commands_of()), ids=lambda each: str(each)[:30])
def test_help_is_in_one_language(path: str, command: click.Command) -> None:
    def shown() -> str:
        context = CommandContext(command, info_name=path, terminal_width=80, max_content_width=80,
                                 help_option_names=["-h", "--help"])  # fmt: skip
        return command.get_help(context)

    english = shown()
    own = re.sub(r"^ +yusuan .*$", "", english, flags=re.MULTILINE)  # examples
    assert set(re.findall(r"[\u3400-\u9fff]+", own)) <= CHINESE_TERMS
    with speaking("zh"):
        chinese = shown()
    lines = [line for line in chinese.splitlines() if not line.strip().startswith("yusuan ")]
    names = r"^  [a-z]+(?=  )|默认：\S+|\[[a-z|\n -]+\]"  # commands, values
    assert english_of(re.sub(names, "", "\n".join(lines), flags=re.MULTILINE)) == []
    assert chinese.startswith("用法：")
    for line in filter(CHINESE.search, lines):
        assert sum(2 if CHINESE.match(char) else 1 for char in line) <= 80, line


# What a user meets


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "none.pdf"], "错误：none.pdf：没有这个文件或文件夹"),
        (["check"], "错误：缺少参数"),
        (["check", "--lnag", "zh"], "没有选项"),
        (["bild"], "错误：没有命令 'bild'"),
        (["serve", "x", "--port", "99999"], "99999 不在范围 1<=x<=65535 之内"),
        (["codes", "show", "abcdef"], "各科目表中都没有"),
        (["validate", "none"], "none：这里没有数据包"),
        (["query", "none", "ASK {}"], "none：这里没有数据包"),
        (["check", "none.pdf", "--report", "x.txt"], "x.txt：写出的是网页；文件名请以 .html 结尾"),
    ],
)
def test_an_error_is_told_in_chinese(arguments: list[str], said: str) -> None:
    result = run("--lang", "zh", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    after_usage = [line for line in result.output.splitlines() if not line.startswith("用法")]
    assert not re.findall(r"\b(?:the|is|not|no|for|of|Error)\b", "\n".join(after_usage))


def test_a_build_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    chinese = run("build", SAMPLE, "--output", tmp_path / "one", "--lang", "zh").output
    assert re.search(r"one：1份文件、\d+个事实，文字说明中\d+处陈述\n核对结果：错误\d+处", chinese)
    valid = run("--lang", "en", "validate", tmp_path / "one").output
    assert not CHINESE.search(valid)
    assert "有效" in run("validate", tmp_path / "one", env={"LC_ALL": "zh_CN.UTF-8"}).output
    with (tmp_path / "one" / "data" / "facts.csv").open("a") as file:
        file.write("x\n")
    broken = run("validate", tmp_path / "one", "--lang", "zh").output
    assert "缺少 row_label 列" in broken
    assert "row at position" not in broken.lower()


@pytest.mark.parametrize(
    ("variables", "chinese"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN"}, False),
        ({"LC_ALL": "zh_CN", "YUSUAN_LANG": "en"}, False),
        ({"LC_ALL": "C", "YUSUAN_LANG": "zh"}, True),
    ],
)
def test_the_environment_chooses_and_the_option_overrides(
    variables: dict[str, str], chinese: bool
) -> None:
    assert bool(CHINESE.search(run("--help", env=variables).output)) is chinese
    other = "en" if chinese else "zh"
    assert bool(CHINESE.search(run("--help", "--lang", other, env=variables).output)) is not chinese
    title = run("rules", "row-sum", env=variables).output
    assert ("行内合计" in title) is chinese


def test_without_a_locale_findings_are_chinese_and_the_rest_english() -> None:
    assert "Usage: " in run("--help", env={"LC_ALL": "C"}).output
    assert "行内合计" in run("rules", "row-sum", env={"LC_ALL": "C"}).output


def test_what_follows_two_hyphens_is_no_option() -> None:
    assert "Error: " in run("check", "--", "--lang", "zh").output
