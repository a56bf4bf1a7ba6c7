"""A fact in, the picture of its page or the table it stands in out, with its cell outlined."""

from yusuan.show.drawing import Drawn, draw
from yusuan.show.place import Place, find_place, place_of

__all__ = ["Drawn", "Place", "draw", "find_place", "place_of"]
