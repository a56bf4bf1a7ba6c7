"""What is derived from the rows of a package: its budgets, their headline figures, and spending and
revenue without overlap. ``schemas/figures.yaml`` says where figures are printed."""

from yusuan.figures.derive import derived_rows

__all__ = ["derived_rows"]
