"""Contents in, findings out. The rules are data: ``schemas/rules.yaml``.

``rules`` reads them and ``run`` applies them: ``families`` find something by themselves or relate
numbers of the narrative, ``sql`` relates amounts of tables; ``judging`` sorts what contradicts into
rounding and errors (with ``yusuan.error_localisation``), ``wording`` and ``report`` say it.
"""

from yusuan.checks.rules import Rule, load_rules
from yusuan.checks.run import check

__all__ = ["Rule", "check", "load_rules"]
