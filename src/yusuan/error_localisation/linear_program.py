"""HiGHS on the deviations of true from printed values: fast, and only ever a hint.

Every answer is checked exactly by the caller. Deviations are scaled by the coarsest step,
so that numbers are small whatever the amounts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import highspy
import numpy as np

__all__ = ["LinearProgram"]

_INFINITY = highspy.kHighsInf


class _Silent(highspy.Highs):
    """Says nothing on standard output, which is for reports: since 1.16 it greets while callbacks
    are set up, before anyone could tell it not to."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class LinearProgram:
    """The linear program of one component, solved again as bounds change.

    ``lines`` are factors by column, and the least and greatest sum of deviations, in the smallest
    unit of the numbers; ``scale`` is the step that deviations are divided by.
    """

    def __init__(
        self, lines: Sequence[tuple[Mapping[int, int], int, int]], columns: int, scale: int
    ) -> None:
        self.scale = scale
        starts, indexes, values = [0], [], []
        self.bounds = []
        for terms, low, high in lines:
            largest = max((abs(factor) for factor in terms.values()), default=1)
            indexes += list(terms)
            values += [factor / largest for factor in terms.values()]
            starts.append(len(indexes))
            self.bounds.append((low / largest / scale, high / largest / scale))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, len(lines)
        model.col_cost_ = np.zeros(columns)
        model.col_lower_ = np.zeros(columns)
        model.col_upper_ = np.zeros(columns)
        model.row_lower_ = np.array([low for low, _ in self.bounds])
        model.row_upper_ = np.array([high for _, high in self.bounds])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts)
        model.a_matrix_.index_ = np.array(indexes)
        model.a_matrix_.value_ = np.array(values)
        silent: Any = _Silent  # its types leave out the constructor and the ray
        self.solver = silent()
        for option, value in (("presolve", "off"), ("solver", "simplex")):
            self.solver.setOptionValue(option, value)
        self.solver.setOptionValue("threads", 1)
        self.solver.passModel(model)

    def box(self, column: int, low: int | None, high: int | None) -> None:
        """Bound a deviation; None is no bound."""
        self.solver.changeColBounds(
            column,
            -_INFINITY if low is None else low / self.scale,
            _INFINITY if high is None else high / self.scale,
        )

    def hold(self, line: int, holds: bool) -> None:
        """Whether a line counts."""
        low, high = self.bounds[line] if holds else (-_INFINITY, _INFINITY)
        self.solver.changeRowBounds(line, low, high)

    def solve(self, seconds: float) -> tuple[list[float] | None, list[int]]:
        """Deviations that satisfy all lines; or None and the lines that a proof combines."""
        self._run(seconds)
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return [each * self.scale for each in self.solver.getSolution().col_value], []
        if status == highspy.HighsModelStatus.kInfeasible:
            ray = self.solver.getDualRay()
            if ray[1]:
                factors = np.asarray(ray[2])
                largest = np.abs(factors).max(initial=0.0)
                return None, [int(line) for line in np.nonzero(np.abs(factors) > 1e-9 * largest)[0]]
        return None, []

    def extreme(self, column: int, up: bool, seconds: float) -> float | None:
        """The greatest (least) deviation, None when unlimited or unknown."""
        self.solver.changeColCost(column, -1.0 if up else 1.0)
        self._run(seconds)
        optimal = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found: float | None = None
        if optimal:
            found = self.solver.getSolution().col_value[column] * self.scale
        self.solver.changeColCost(column, 0.0)
        return found

    def _run(self, seconds: float) -> None:
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(seconds, 0.001))
        self.solver.run()
