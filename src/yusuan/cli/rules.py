"""``yusuan rules``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.checks import Rule, load_rules
from yusuan.checks.describe import applies, compared, family_words
from yusuan.checks.rulefile import nearest
from yusuan.cli.build import schemas_option
from yusuan.model.errors import YusuanError
from yusuan.schema.overlay import using_schemas

__all__ = ["rules"]


@click.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Language of titles and messages.")  # fmt: skip
@schemas_option
def rules(names: tuple[str, ...], lang: str, schemas: Path | None) -> None:
    """List the rules that `yusuan check` applies, or show some of them in full.

    Your own rules.yaml in the folder given with --schemas adds rules, changes them or switches
    them off; a mistake in it is told with its line.

    \b
    Example:
      yusuan rules
      yusuan rules table-missing --lang en
      yusuan rules --schemas own/
    """
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
    labels = (("结论", "族", "适用", "说明"), ("verdict", "family", "applies", "message"))[at]
    lines = [
        f"{rule.id}: {(rule.title, rule.title_en)[at]}",
        f"  {labels[0]}: {rule.verdict}",
        f"  {labels[1]}: {rule.family}: {family_words(rule.family)[at]}",
        *(f"  {labels[2]}: {when}" for when in [applies(rule)[at]] if when),
        *(f"  {role[at]}: {thing[at]}" for role, thing in compared(rule)),
        f"  {labels[3]}: {(rule.message, rule.message_en)[at]}",
    ]
    return "\n".join(lines)
