"""All rules as one Markdown page: ``python -m yusuan.cli.rulebook``."""

from __future__ import annotations

import json
import sys

import click

from yusuan.checks import Rule, load_rules
from yusuan.checks.describe import applies, compared, family_words
from yusuan.checks.rulefile import families, rule_schema, settings_of

__all__ = ["rulebook", "schema_text"]

_VERDICTS = {
    "error": "error 矛盾 / cannot hold", "warning": "warning 需核实 / to be verified",
    "note": "note 提示 / for information",
}  # fmt: skip


def rulebook() -> str:
    """``docs/rules.md``, generated from ``schemas/rules.yaml``."""
    parts = [
        "# Rules / 核对规则\n",
        "<!-- Generated from schemas/rules.yaml by `make docs`; do not edit. -->\n",
        "What `yusuan check` compares. [Rules of your own](own-rules.md) are added, and these changed "
        "or switched off, without touching code. A difference that rounding explains is never more "
        "than `rounding`; a number cut off at its last digit instead is a `truncation`.\n",
        "能用四舍五入解释的差额一律为 rounding，截位（未四舍五入）的为 truncation。增加自己的规则、修改或停用这些规则，见"
        "[自己的规则](own-rules.md)。\n",
        "## Families / 规则的族\n",
        "| family | 比较什么 | what is compared | keys |",
        "|---|---|---|---|",
        *(_family(name) for name in families()),
        "\n## All rules / 各条规则\n",
        *map(_rule, load_rules()),
    ]
    return "\n".join(parts)


def _family(name: str) -> str:
    zh, en = family_words(name)
    needed = families()[name].get("required", [])
    keys = [f"`{key}`" if key in needed else f"`{key}`?" for key in sorted(settings_of(name))]
    return f"| `{name}` | {zh} | {en} | {', '.join(keys)} |"


def _rule(rule: Rule) -> str:
    zh, en = applies(rule)
    lines = [
        f"### {rule.id}\n",
        f"**{rule.title}** / {rule.title_en}\n",
        f"- `{rule.family}`; {_VERDICTS[rule.verdict]}",
        *([f"- 适用 / applies: {zh} / {en}"] if zh else []),
        *(f"- {role[0]} / {role[1]}: {_both(thing)}" for role, thing in compared(rule)),
        *([f"- {rule.reason} / {rule.reason_en}"] if rule.reason else []),
        f"\n> {rule.message}\n>\n> {rule.message_en}\n",
    ]
    return "\n".join(lines)


def _both(thing: tuple[str, str]) -> str:
    zh, en = thing
    return f"`{zh}`" if zh == en else f"{zh} / {en}"


def schema_text() -> str:
    """``schemas/rules.schema.json``, made of the families and forms in ``schemas/rules.yaml``."""
    return json.dumps(rule_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    click.echo(schema_text() if sys.argv[1:] == ["--schema"] else rulebook(), nl=False)
