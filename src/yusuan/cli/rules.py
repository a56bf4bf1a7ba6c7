"""The rules in words: ``yusuan rules``, docs/rules.md and the schema of rule files
(``python -m yusuan.cli.rules [--schema]``)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from yusuan.checks import Rule, load_rules
from yusuan.checks.describe import applies, compared, family_words
from yusuan.checks.rulefile import families, nearest, rule_schema, settings_of
from yusuan.cli.common import schemas_option
from yusuan.cli.language import findings_language
from yusuan.model.errors import YusuanError
from yusuan.presentation import value_label
from yusuan.schema.messages import heading, message
from yusuan.schema.overlay import using_schemas

__all__ = ["rulebook", "rules", "schema_text"]


@click.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@schemas_option
def rules(names: tuple[str, ...], schemas: Path | None) -> None:
    """List the rules that `yusuan check` applies, or show some of them in full.

    Your own rules.yaml in the folder given with --schemas adds rules, changes them or switches
    them off; a mistake in it is told with its line.

    \b
    Example:
      yusuan rules
      yusuan rules table-missing --lang en
      yusuan rules --schemas own/
    """
    lang = findings_language()
    with using_schemas(schemas):
        known = {rule.id: rule for rule in load_rules()}
        for name in names:
            if name not in known:
                raise YusuanError(f"{name}: there is no such rule{nearest(name, known)}")
            click.echo(_whole(known[name], lang))
        if not names:
            for rule in known.values():
                title = rule.title if lang == "zh" else rule.title_en
                click.echo(f"{rule.verdict:<8} {rule.id:<36} {title}")


def _whole(rule: Rule, lang: str) -> str:
    at = 0 if lang == "zh" else 1
    labels = [message(f"rule-{name}")[at] for name in ("verdict", "family", "applies", "message")]
    lines = [
        f"{rule.id}: {(rule.title, rule.title_en)[at]}",
        f"  {labels[0]}: {rule.verdict}",
        f"  {labels[1]}: {rule.family}: {family_words(rule.family)[at]}",
        *(f"  {labels[2]}: {when}" for when in [applies(rule)[at]] if when),
        *(f"  {role[at]}: {thing[at]}" for role, thing in compared(rule)),
        f"  {labels[3]}: {(rule.message, rule.message_en)[at]}",
    ]
    return "\n".join(lines)


def rulebook() -> str:
    """``docs/rules.md``, generated from ``schemas/rules.yaml``."""
    parts = [
        f"# {heading('heading-rules')}\n",
        "<!-- Generated from schemas/rules.yaml by `make docs`; do not edit. -->\n",
        "What `yusuan check` compares. [Rules of your own](own-rules.md) are added, and these changed "
        "or switched off, without touching code. A difference that rounding explains is never more "
        "than `rounding`; a number cut off at its last digit instead is a `truncation`.\n",
        "能用四舍五入解释的差额一律为 rounding，截位（未四舍五入）的为 truncation。增加自己的规则、修改或停用这些规则，见"
        "[自己的规则](own-rules.zh-CN.md)。\n",
        f"## {heading('heading-families')}\n",
        "| family | 比较什么 | what is compared | keys |",
        "|---|---|---|---|",
        *(_family(name) for name in families()),
        f"\n## {heading('heading-all-rules')}\n",
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
        f"- `{rule.family}`; {' / '.join(value_label('verdict', rule.verdict) or ())}",
        *([f"- {' / '.join(message('rule-applies'))}: {zh} / {en}"] if zh else []),
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
