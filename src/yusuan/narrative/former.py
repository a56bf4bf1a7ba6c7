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
    full = sorted(set(names), key=lambda name: (-len(name), name))
    rests = sorted({rest for name in names if len(rest := division_of(name)[1]) >= 3} - set(full))
    # 水利局 by itself is the department's; in 建德市水利局 it is another's
    alone = [rf"(?:(?<![\u4e00-\u9fff])|(?<=为)){re.escape(rest)}" for rest in rests]
    known = "(?:" + "|".join([*map(re.escape, full), *alone]) + ")"
    wordings = read_yaml(data_path("schemas", "linking.yaml"))["former_names"]
    patterns = [re.compile(w.replace("{name}", known).replace("{old}", _OLD)) for w in wordings]
    found = [m[1] for text in texts if "原" in text or "名" in text
             for pattern in patterns for m in pattern.finditer(text)]  # fmt: skip
    return tuple(dict.fromkeys(name for name in found if name not in {*full, *rests}))
