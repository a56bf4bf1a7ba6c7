"""``yusuan show``."""

from __future__ import annotations

from pathlib import Path

import click

from yusuan.files.atomic import named, whole_file
from yusuan.model.errors import YusuanError
from yusuan.package import open_package
from yusuan.show.drawing import CellPictures
from yusuan.show.place import CellPlace, find_place

__all__ = ["show"]

_LONGEST = 120
_SUFFIXES = {".png": (".png",), ".html": (".html", ".htm")}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("key", metavar="FACT")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="File to write; otherwise one named after the fact, in the current folder.")  # fmt: skip
@click.option("--width", default=1200, show_default=True, type=click.IntRange(100, 6000),
              help="Pixels that the picture of a PDF page is wide.")  # fmt: skip
def show(folder: Path, key: str, output: Path | None, width: int) -> None:
    """Show where a fact is printed: its cell outlined in the page or table.

    DIR is a package, FACT the id of a fact, or of a finding, which shows its fact. For a PDF
    the page is drawn (PNG); for any other format the table as it was read (HTML). One line
    tells where the cell is and what it prints.

    \b
    Example:
      yusuan show budget/ 7a12ebf01553-three-public-expenses-total
      yusuan show budget/ 7a12ebf01553-three-public-expenses-total -o cell.html
    """
    place = find_place(open_package(folder), key)
    target = _target(place, output)
    with CellPictures() as pictures:
        picture = pictures.draw(place, width)
    with whole_file(target) as made, named(made):
        made.write_bytes(picture)
    click.echo(f"{target}: {place.words}")


def _target(place: CellPlace, output: Path | None) -> Path:
    """Where to write. Raises YusuanError for a folder, or a name that says another format."""
    name = f"{place.fact['fact'][:_LONGEST]}{place.suffix}"
    target = output or Path(name)
    if target.is_dir():
        raise YusuanError(f"{target}: a folder; name a file, such as {target / name}")
    if target.suffix.lower() not in _SUFFIXES[place.suffix]:
        kind = "a picture" if place.page else "a web page"
        raise YusuanError(
            f"{target}: the cell is shown as {kind}; give the file a name that ends in "
            f"{place.suffix}"
        )
    if not target.parent.is_dir():
        raise YusuanError(f"{target.parent}: no such folder; make it first")
    return target
