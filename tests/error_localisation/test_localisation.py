"""What is judged rounding, which number is named, and when none is."""

from __future__ import annotations

import pytest

from tests.error_localisation.helpers import WAN, localised, only, same, sums, table, told, total
from yusuan.error_localisation import Localisation, Relation, RoundedNumber, localise

MATRIX = [
    [3712, 1561, 1296, 855],
    [1380, 516, 431, 433],
    [1457, 732, 615, 110],
    [875, 313, 250, 312],
]


def matrix(**changed: int) -> dict[str, RoundedNumber]:
    numbers = table("a", MATRIX)
    for key, value in changed.items():
        numbers[key] = RoundedNumber(key, value, 1, 0, "a", int(key[1]), int(key[2]))
    return numbers


SUMS = sums("a", 4, 4)


def test_what_adds_up_is_not_looked_at() -> None:
    assert localised(matrix(), SUMS) == Localisation()


@pytest.mark.smoke
def test_a_number_in_a_row_and_a_column_is_proven_where_they_cross() -> None:
    cause = only(localised(matrix(a22=651), SUMS))
    assert cause.certainty == "proven"
    assert told(cause.explanations[0]) == {"a22": (615, "transposition")}
    assert cause.violated == ("a20=a21+a22+a23", "a02=a12+a22+a32")


@pytest.mark.parametrize(
    ("place", "printed", "slip"),
    [
        ("a11", 546, "digit"),
        ("a11", 561, "transposition"),
        ("a11", 51, "missing-digit"),
        ("a11", 5136, "extra-digit"),
        ("a11", 5160, "unit"),
        ("a11", -516, "sign"),
        ("a11", 431, "neighbour-column"),
        ("a11", 732, "neighbour-row"),
        ("a11", 110, "copied"),
        ("a10", 864, "parts-left-out"),
        ("a10", 1811, "parts-twice"),
        ("a11", 1038, "other"),
    ],
)
def test_how_it_went_wrong(place: str, printed: int, slip: str) -> None:
    cause = only(localised(matrix(**{place: printed}), SUMS))
    right = MATRIX[int(place[1])][int(place[2])]
    assert told(cause.explanations[0]) == {place: (right, slip)}


def test_two_swapped_numbers_are_one_slip() -> None:
    cause = only(localised(matrix(a21=615, a22=732), SUMS))
    assert told(cause.explanations[0]) == {"a21": (732, "swapped"), "a22": (615, "swapped")}


def test_a_subtotal_swapped_with_its_detail() -> None:
    numbers = table("a", [[965], [640], [325]])
    numbers["a00"], numbers["a10"] = (
        RoundedNumber("a00", 640, 1, 0, "a", 0, 0),
        RoundedNumber("a10", 965, 1, 0, "a", 1, 0),
    )
    relations = [total("a00", "a10", "a20"), same("a20", "text"), same("a00", "said")]
    numbers |= {"text": RoundedNumber("text", 325), "said": RoundedNumber("said", 965)}
    cause = only(localised(numbers, relations))
    assert told(cause.explanations[0]) == {"a00": (965, "swapped"), "a10": (640, "swapped")}


def test_a_shifted_column_is_one_slip_however_long() -> None:
    lines = [[0, 0, 0], *([100 * r + 7 * r * r, 13 * r * r, 0] for r in range(1, 10))]
    for line in lines[1:]:
        line[2] = line[0] - line[1]
    lines[0] = [sum(line[c] for line in lines[1:]) for c in range(3)]
    right = [line[1] for line in lines]
    for r in range(3, 10):
        lines[r][1] = right[r - 1]
    cause = only(localised(table("a", lines), sums("a", 10, 3)))
    found = told(cause.explanations[0])
    assert found == {f"a{r}1": (right[r], "shifted") for r in range(2, 10)} or found == {
        f"a{r}1": (right[r], "shifted") for r in range(3, 10)
    }
    assert cause.certainty == "likely"


def test_a_whole_table_in_another_unit_is_one_slip() -> None:
    numbers = matrix() | table("b", [[10000 * value for value in line] for line in MATRIX])
    numbers |= table("c", MATRIX)
    links = [same(f"{t}{r}{c}", f"a{r}{c}") for t in "bc" for r in range(4) for c in range(4)]
    cause = only(localised(numbers, [*SUMS, *sums("b", 4, 4), *links]))
    assert cause.certainty == "likely"
    assert told(cause.explanations[0]) == {
        f"b{r}{c}": (MATRIX[r][c], "unit") for r in range(4) for c in range(4)
    }


def test_of_two_tables_in_different_units_with_no_third_neither_is_named() -> None:
    numbers = matrix() | table("b", [[10000 * value for value in line] for line in MATRIX])
    links = [same(f"b{r}{c}", f"a{r}{c}") for r in range(4) for c in range(4)]
    cause = only(localised(numbers, [*SUMS, *sums("b", 4, 4), *links]))
    assert cause.certainty == "tied"
    assert {change.key[0] for change in cause.explanations[0].changes} | {
        change.key[0] for change in cause.explanations[1].changes
    } == {"a", "b"}


def test_a_lone_total_that_is_off_could_be_any_of_its_numbers() -> None:
    numbers = table("a", [[171], [83], [48]])
    cause = only(localised(numbers, [total("a00", "a10", "a20")]))
    assert cause.certainty == "tied"
    assert {change.key for e in cause.explanations for change in e.changes} == {"a00", "a10", "a20"}


def test_a_simple_slip_is_likelier_than_none() -> None:
    numbers = table(
        "a", [[1234567], [12345], [34567]]
    )  # 1200000 + 34567 = 1234567? no: unit of a10
    numbers["a10"] = RoundedNumber("a10", 120000, 1, 0, "a", 1, 0)
    cause = only(localised(numbers, [total("a00", "a10", "a20")]))
    assert told(cause.explanations[0]) == {"a10": (1200000, "unit")}
    assert cause.certainty == "likely"


def test_a_number_that_other_sums_confirm_is_not_suspected() -> None:
    numbers = table("a", [[171], [83], [48]]) | table("b", [[83], [50], [33]])
    relations = [total("a00", "a10", "a20"), same("a10", "b00"), total("b00", "b10", "b20")]
    cause = only(localised(numbers, relations))
    assert {change.key for e in cause.explanations for change in e.changes} == {"a00", "a20"}


def test_one_number_wrong_in_every_place_that_prints_it() -> None:
    numbers = matrix(a22=651) | {"b": RoundedNumber("b", 651), "c": RoundedNumber("c", 651)}
    cause = only(localised(numbers, [*SUMS, same("a22", "b"), same("b", "c")]))
    (change,) = cause.explanations[0].changes
    assert (change.key, change.together, change.proposed) == ("a22", ("b", "c"), 615)
    assert cause.certainty == "proven"


@pytest.mark.smoke
def test_nothing_is_written_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    """Reports go there; a solver that greets would spoil them."""
    from yusuan.error_localisation.linear_program import LinearProgram

    solver = LinearProgram([({0: 1, 1: -1}, 1, 1)], 2, 1)
    assert solver.solve(1.0)[0] is None
    assert capfd.readouterr().out == ""


def test_of_two_prints_the_one_that_sums_confirm_is_right() -> None:
    numbers = matrix() | {"b": RoundedNumber("b", 651)}
    cause = only(localised(numbers, [*SUMS, same("a22", "b")]))
    assert told(cause.explanations[0]) == {"b": (615, "transposition")}
    assert cause.violated == ("a22=b",)


def test_of_two_prints_with_no_other_evidence_neither_is_named() -> None:
    numbers = {"a": RoundedNumber("a", 691), "b": RoundedNumber("b", 692)}
    cause = only(localised(numbers, [same("a", "b")]))
    assert cause.certainty == "tied"
    assert {change.key for e in cause.explanations for change in e.changes} == {"a", "b"}


def test_of_three_prints_two_outvote_one() -> None:
    numbers = {
        key: RoundedNumber(key, value) for key, value in [("a", 5180), ("b", 5180), ("c", 5480)]
    }
    cause = only(localised(numbers, [same("a", "b"), same("b", "c"), same("a", "c")]))
    assert told(cause.explanations[0]) == {"c": (5180, "digit")}
    assert cause.certainty == "likely"


def test_two_causes_are_told_apart() -> None:
    numbers = matrix(a22=651) | table("b", [[30, 14, 16], [12, 5, 7], [18, 9, 19]])
    localisation = localised(numbers, [*SUMS, *sums("b", 3, 3), same("a00", "c")])
    assert [told(cause.explanations[0]).keys() for cause in localisation.causes] == [
        {"a22"},
        {"b22"},
    ]


@pytest.mark.smoke
def test_two_causes_in_one_table() -> None:
    localisation = localised(matrix(a11=546, a33=321), SUMS)
    assert [told(cause.explanations[0]) for cause in localisation.causes] == [
        {"a11": (516, "digit")},
        {"a33": (312, "transposition")},
    ]


def test_two_wrong_numbers_in_one_row_are_one_cause() -> None:
    cause = only(localised(matrix(a11=546, a12=413), SUMS))
    assert told(cause.explanations[0]) == {"a11": (516, "digit"), "a12": (431, "transposition")}


def test_a_number_that_only_another_failing_sum_proves_wrong_is_of_the_same_cause() -> None:
    # x + y must be 0, so t = x + y is wrong too, although it adds up as printed.
    numbers = {key: RoundedNumber(key, value) for key, value in [("x", 4), ("y", 3), ("t", 7)]}
    relations = [Relation("none", {"x": 1, "y": 1}), total("t", "x", "y")]
    cause = only(localised(numbers, relations))
    assert cause.violated == ("none",)
    assert {frozenset(told(each)) for each in cause.explanations} == {
        frozenset({"t", "x"}),
        frozenset({"t", "y"}),
    }


class TestRounding:
    def test_a_sum_that_is_off_by_less_than_its_parts_were_rounded(self) -> None:
        numbers = table("a", [[10], [3], [3], [3]], WAN)
        relation = total("a00", "a10", "a20", "a30")
        assert localised(numbers, [relation]) == Localisation(rounding=(relation.key,))

    def test_a_sum_that_is_off_by_more(self) -> None:
        numbers = table("a", [[12], [3], [3], [3]], WAN)
        localisation = localised(numbers, [total("a00", "a10", "a20", "a30")])
        assert not localisation.rounding and len(localisation.causes) == 1

    def test_sums_that_are_possible_one_by_one_but_not_together(self) -> None:
        # 2 + 2 = 5 and 2 + 2 = 3 of the same two numbers.
        numbers = {
            key: RoundedNumber(key, value * WAN, WAN, WAN // 2)
            for key, value in [("x", 2), ("y", 2), ("five", 5), ("three", 3)]
        }
        five, three = total("five", "x", "y"), total("three", "x", "y")
        assert localised(numbers, [five]) == Localisation(rounding=(five.key,))
        assert localised(numbers, [three]) == Localisation(rounding=(three.key,))
        assert set(only(localised(numbers, [five, three])).violated) == {five.key, three.key}

    def test_one_number_printed_as_691_and_692_is_a_contradiction(self) -> None:
        numbers = {
            key: RoundedNumber(key, v * WAN, WAN, WAN // 2) for key, v in [("a", 691), ("b", 692)]
        }
        assert only(localised(numbers, [same("a", "b")])).certainty == "tied"

    @pytest.mark.parametrize(
        ("fine", "coarse", "holds"),
        [
            (50, 1, True),
            (49, 0, True),
            (50, 0, False),
            (149, 1, True),
            (150, 1, False),
            (-50, -1, True),
        ],
    )
    def test_the_coarser_print_must_be_the_finer_one_rounded(
        self, fine: int, coarse: int, holds: bool
    ) -> None:
        numbers = {
            "fine": RoundedNumber("fine", fine),
            "coarse": RoundedNumber("coarse", coarse * 100, 100, 50),
        }
        assert (localised(numbers, [same("fine", "coarse")]) == Localisation()) is holds

    def test_what_is_rounding_elsewhere_stays_rounding(self) -> None:
        lines = [[38, 15, 22], [14, 5, 8], [24, 10, 14]]
        numbers = table("a", lines, WAN) | table(
            "b", [[38, 15, 22], [14, 5, 80], [24, 10, 14]], WAN
        )
        localisation = localised(numbers, [*sums("a", 3, 3), *sums("b", 3, 3), same("a00", "b00")])
        assert told(only(localisation).explanations[0]) == {"b12": (8 * WAN, "unit")}
        assert localisation.rounding == ("a00=a01+a02", "a10=a11+a12", "b00=b01+b02")

    def test_bounds_of_what_could_be_printed(self) -> None:
        lines = [[60, 24, 36], [25, 10, 51], [35, 14, 21]]
        (change,) = only(localised(table("a", lines, WAN), sums("a", 3, 3))).explanations[0].changes
        assert (change.key, change.low, change.high) == ("a12", 14 * WAN, 16 * WAN)
        assert (change.proposed, change.slip) == (15 * WAN, "transposition") or change.proposed


class TestRates:
    """A share of 51.93 % as ``-0.5 total <= 10000 part - 5193 total <= 0.5 total``."""

    def relations(self, rate: int) -> list[Relation]:
        return [
            Relation("share-low", {"part": 20000, "whole": -2 * rate + 1}, 0, 10**12, about="rate"),
            Relation(
                "share-high", {"part": 20000, "whole": -2 * rate - 1}, -(10**12), 0, about="rate"
            ),
        ]

    def test_a_rate_that_follows(self) -> None:
        numbers = {
            k: RoundedNumber(k, v) for k, v in [("part", 5193), ("whole", 10000), ("rate", 5193)]
        }
        assert localised(numbers, self.relations(5193)) == Localisation()

    def test_a_rate_that_does_not_follow_from_confirmed_amounts(self) -> None:
        numbers = matrix() | {"rate": RoundedNumber("rate", 9510)}
        relations = [
            Relation("low", {"a01": 20000, "a00": -2 * 9510 + 1}, 0, 10**12, about="rate"),
            Relation("high", {"a01": 20000, "a00": -2 * 9510 - 1}, -(10**12), 0, about="rate"),
        ]
        cause = only(localised(numbers, [*SUMS, *relations]))
        (change,) = cause.explanations[0].changes
        assert (change.key, change.low, change.high, change.proposed) == ("rate", None, None, None)
        assert cause.certainty == "proven" and cause.violated == ("low",)

    def test_without_other_evidence_it_may_be_an_amount(self) -> None:
        numbers = {
            k: RoundedNumber(k, v) for k, v in [("part", 73100), ("whole", 1000000), ("rate", 5193)]
        }
        cause = only(localised(numbers, self.relations(5193)))
        keys = {change.key for e in cause.explanations for change in e.changes}
        assert keys == {"part", "whole", "rate"}


class TestOddInput:
    def test_nothing(self) -> None:
        assert localise([], []) == Localisation()

    def test_a_relation_over_an_unknown_number_is_left_out(self) -> None:
        assert localise([RoundedNumber("a", 1)], [total("a", "b")]) == Localisation()

    def test_zero_factors_and_one_number(self) -> None:
        numbers = [RoundedNumber("a", 7), RoundedNumber("b", 1)]
        cause = only(localise(numbers, [Relation("r", {"a": 1, "b": 0}, 0, 5)]))
        (change,) = cause.explanations[0].changes
        assert (change.key, change.low, change.high) == ("a", 0, 5)

    def test_a_relation_that_nothing_can_satisfy(self) -> None:
        localisation = localise(
            [RoundedNumber("a", 7)], [Relation("r", {}, 1, 1), Relation("s", {"a": 1}, 2, 1)]
        )
        assert {r for cause in localisation.causes for r in cause.violated} == {"r", "s"}
        assert all(cause.certainty == "tied" for cause in localisation.causes)

    def test_the_same_key_twice(self) -> None:
        numbers = [RoundedNumber("a", 7), RoundedNumber("a", 8), RoundedNumber("b", 7)]
        assert localise(numbers, [same("a", "b"), same("a", "b")]) == Localisation()

    @pytest.mark.parametrize("step", [1, WAN])
    def test_numbers_as_large_as_they_get(self, step: int) -> None:
        lines = [[value * 10**15 for value in line] for line in MATRIX]
        lines[2][2] += 3 * 10**15
        cause = only(localised(table("a", lines, step), SUMS))
        assert cause.explanations[0].changes[0].key == "a22"

    def test_a_number_that_is_no_multiple_of_its_step(self) -> None:
        numbers = {
            "a": RoundedNumber("a", 7, 5),
            "b": RoundedNumber("b", 8, 5),
            "c": RoundedNumber("c", 1, 5),
        }
        assert len(localised(numbers, [total("a", "b", "c")]).causes) == 1

    def test_out_of_time_names_nothing(self) -> None:
        cause = only(localised(matrix(a22=651), SUMS, seconds=0.0))
        assert (cause.certainty, cause.searched) == ("tied", False)
        assert set(cause.violated) >= {"a20=a21+a22+a23"}


def test_numbers_that_no_value_mends_alone_are_judged_all_the_same() -> None:
    """What two relations leave of a number may be no multiple of its step at all."""
    quantities = [RoundedNumber(f"q{n}", value) for n, value in enumerate((1, 1, 0, 0, 1))]
    relations = [
        Relation("r0", {"q0": -1, "q2": -1, "q3": 1, "q4": 1}),
        Relation("r1", {"q0": -1, "q1": 1, "q2": 1, "q3": -1, "q4": 1}),
        Relation("r2", {"q2": 1, "q3": -1, "q4": 1}),
    ]
    assert {key for cause in localise(quantities, relations).causes for key in cause.violated}
