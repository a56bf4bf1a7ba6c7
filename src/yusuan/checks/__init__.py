"""Contents in, findings out. The rules are data: ``schemas/rules.yaml``."""

from yusuan.checks.rules import Rule, load_rules
from yusuan.checks.run import check

__all__ = ["Rule", "check", "load_rules"]
