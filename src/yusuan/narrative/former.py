"""What a document says its department was called before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from yusuan.narrative.divisions import division_of
from yusuan.schema import data_path, read_yaml

__all__ = ["former_names"]

_OLD = r"([^\d,，。;；:：、()《》]{3,30}?)"


def former_names(texts: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """Former names stated beside one of its ``names``, in the wordings of schemas/linking.yaml.

    The texts are in normal form; a name may be printed without its place.

    >>> former_names(["临安县水利局由原临安县水利水电局更名而来。"], ["临安县水利局"])
    ('临安县水利水电局',)
    """
    own = {form for name in names for form in (name, division_of(name)[1]) if len(form) >= 3}
    longest = sorted(own, key=lambda form: (-len(form), form))
    known = "(?:" + "|".join(map(re.escape, longest)) + ")"
    wordings = read_yaml(data_path("schemas", "linking.yaml"))["former_names"]
    patterns = [re.compile(w.replace("{name}", known).replace("{old}", _OLD)) for w in wordings]
    if not own:
        return ()
    found = [m[1] for text in texts if "原" in text or "名" in text
             for pattern in patterns for m in pattern.finditer(text)]  # fmt: skip
    return tuple(dict.fromkeys(name for name in found if name not in own))
