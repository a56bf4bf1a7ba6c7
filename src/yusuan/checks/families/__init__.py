"""What the families of rules compare: functions that importing this package registers."""

from yusuan.checks.families import (
    blank_totals,
    cells,
    changes,
    code_names,
    completeness,
    misprints,
    naming,
    plausible,
    projects,
    rates,
    repeated,
    slipped,
    stated,
    units,
)

__all__ = [
    "blank_totals", "cells", "changes", "code_names", "completeness", "misprints", "naming",
    "plausible", "projects", "rates", "repeated", "slipped", "stated", "units",
]  # fmt: skip
