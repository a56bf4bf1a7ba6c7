"""A fact in, the picture of its page or the table it stands in out, with its cell outlined."""

from yusuan.show.drawing import Drawn, draw
from yusuan.show.place import CellPlace, find_place, place_of

__all__ = ["CellPlace", "Drawn", "draw", "find_place", "place_of"]
