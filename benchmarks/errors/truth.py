"""Invented departments of any size: unrounded yuan that agree in every way they are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from random import Random

from benchmarks.layouts.budget import ECONOMIC, FUNCTIONS, Budget, Leaf, split
from yusuan.codes import code_list

__all__ = ["Department", "Project", "make_department"]

FEN = Decimal("0.01")
ZERO = Decimal(0)
YEAR = 2023
PLACES = ("青原", "云溪", "沙洲", "赣陂", "湘云", "桂岭", "呼泽", "敖林", "临河", "松岩")
PROVINCES = {"青原": "陕西省", "云溪": "广东省", "沙洲": "甘肃省", "赣陂": "江西省", "湘云": "湖南省",
             "桂岭": "广西壮族自治区", "呼泽": "黑龙江省", "敖林": "内蒙古自治区", "临河": "河南省",
             "松岩": "福建省"}  # fmt: skip
OFFICES = ("水务局", "交通运输局", "体育局", "人民政府办公室", "财政局", "民政局")
THEMES = (
    "灌区",
    "信息化",
    "宣传",
    "场馆",
    "道路",
    "堤防",
    "档案",
    "普查",
    "安全",
    "绿化",
    "培训",
    "监测",
)
WORKS = ("改造", "运行维护", "采购", "整治", "督查", "建设", "调查", "补助")


@dataclass(frozen=True)
class Project:
    """A project with the function it stands under; ``before`` is its amount last year."""

    name: str
    leaf: Leaf
    amount: Decimal


@dataclass(frozen=True)
class Department(Budget):
    """A department's year with what its narrative tells besides.

    ``before`` has the parts (personnel, public, project) of each leaf in last year's budget.
    """

    name: str = ""
    list_of_projects: tuple[Project, ...] = ()
    before: tuple[Leaf, ...] = ()
    staff: tuple[int, int, int] = (0, 0, 0)
    vehicles_held: tuple[int, int] = (0, 0)
    procurement: tuple[Decimal, Decimal, Decimal] = (ZERO, ZERO, ZERO)

    def functions(self, leaves, levels):  # type: ignore[no-untyped-def]
        found: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            for digits in levels:
                found.setdefault(leaf.code[:digits], []).append(leaf)
        return [(code, function_names()[code], found[code]) for code in sorted(found)]


@cache
def function_names() -> dict[str, str]:
    """The codes of the classes that the layouts know, as the lists name them."""
    names = dict(FUNCTIONS)
    known = code_list("expenditure-function")
    for entry in known.entries:
        if len(entry.code) != 7 or entry.code[:3] not in FUNCTIONS:
            continue
        match, above = known.find(entry.code, YEAR), known.find(entry.code[:5], YEAR)
        if match and above and match.entry is entry and (entry.valid_to or YEAR) >= YEAR - 6:
            names.setdefault(entry.code, entry.name)
            names.setdefault(entry.code[:5], above.entry.name)
    return names


def make_department(rng: Random, functions: int, *, fund: bool, capital: bool, own: bool,
                    carry: bool) -> Department:  # fmt: skip
    """A department that spends on so many functions of the general public budget."""

    def some(low: int, high: int) -> Decimal:
        """An amount between so many 万元, with fen."""
        return Decimal(rng.randint(low * 1_000_000, high * 1_000_000)) * FEN

    names = function_names()
    leaf_codes = sorted(code for code in names if len(code) == 7 and code[:3] not in ("223", "229")
                        and code[:5] != "21208")  # fmt: skip
    runs = [
        code for code in leaf_codes if code.endswith("01") and code[:3] not in ("208", "210", "221")
    ]
    running = rng.choice(runs)
    chosen = [running, *rng.sample([c for c in leaf_codes if c != running], functions - 1)]
    leaves = []
    for code in sorted(chosen):
        people = code == running or code[:3] in ("208", "210", "221")
        personnel = some(30, 900) if people else ZERO
        public = some(20, 200) if code == running else ZERO
        project = some(10, 2500) if not people or rng.random() < 0.3 else ZERO
        back = (
            (project * rng.randint(5, 30) / 100).quantize(FEN)
            if carry and rng.random() < 0.3
            else ZERO
        )
        leaves.append(Leaf(code, "gpb", personnel, public, project, back))
    projects = [leaf.code for leaf in leaves if leaf.project]
    if not projects:
        leaves[0] = replace(leaves[0], project=some(50, 800))
    if carry:
        first = next(i for i, leaf in enumerate(leaves) if leaf.project)
        leaves[first] = replace(leaves[first], carry=(leaves[first].project / 7).quantize(FEN))
    if fund:
        for code in rng.sample(["2120803", "2120804", "2296003"], rng.choice((1, 2))):
            leaves.append(Leaf(code, "fund", project=some(80, 700)))
    if capital:
        leaves.append(Leaf("2230105", "capital", project=some(5, 40)))
    if own:
        leaves.append(
            Leaf(rng.choice(sorted(chosen)), "business", some(30, 90), project=some(10, 60))
        )
        leaves.append(Leaf("2101102", "other", some(3, 20)))
    general = [leaf for leaf in leaves if leaf.source == "gpb"]
    economic = _economic(rng, general)
    overseas = economic.get("30212", ZERO)
    purchase = some(15, 40) if rng.random() < 0.3 else ZERO
    place = rng.choice(PLACES)
    basic = sum((leaf.public for leaf in general), ZERO)
    vehicles = rng.randint(1, 20)
    # 三公 money may also be spent on projects: then it is more than the economic items
    more = [some(1, 5) if rng.random() < 0.25 else ZERO for _ in range(2)]
    return Department(
        tuple(leaves), economic, overseas, purchase, economic["30231"] + more[0],
        economic["30217"] + more[1], (),
        rng, FEN,
        name=f"{PROVINCES[place]}{place}县{rng.choice(OFFICES)}",
        list_of_projects=tuple(_projects(rng, general)),
        before=tuple(_year_before(rng, leaf) for leaf in leaves),
        staff=(rng.randint(12, 180), rng.randint(0, 3), rng.randint(2, 60)),
        vehicles_held=(vehicles, rng.randint(0, vehicles)),
        procurement=tuple(split(basic / 2, 3, rng, FEN)),  # type: ignore[arg-type]
    )  # fmt: skip


def _economic(rng: Random, general: list[Leaf]) -> dict[str, Decimal]:
    """Basic expenditure of the general budget by economic item."""
    items = [code for code in ECONOMIC if len(code) == 5]
    personnel = [c for c in items if c.startswith(("301", "303"))]
    public = [c for c in items if c not in personnel]
    always = {"30101", "30217", "30231", "30302"}
    share = rng.uniform(0.4, 1)
    economic: dict[str, Decimal] = {}
    for codes, part in ((personnel, "personnel"), (public, "public")):
        kept = [c for c in codes if c in always or rng.random() < share]
        whole = sum((getattr(leaf, part) for leaf in general), ZERO)
        economic.update(zip(kept, split(whole, len(kept), rng, FEN), strict=True))
    return economic


def _projects(rng: Random, general: list[Leaf]) -> list[Project]:
    """Every leaf's project money in one to three projects with names of their own."""
    names = [f"{theme}{work}" for theme in THEMES for work in WORKS]
    rng.shuffle(names)
    found: list[Project] = []
    for leaf in general:
        count = rng.choice((1, 1, 2, 3)) if leaf.project else 0
        for part in split(leaf.project, count, rng, FEN) if count else []:
            found.append(Project(f"{names[len(found) % len(names)]}专项", leaf, part))
    return found


def _year_before(rng: Random, leaf: Leaf) -> Leaf:
    def near(value: Decimal) -> Decimal:
        return (value * rng.randint(70, 125) / 100).quantize(FEN)

    return replace(leaf, personnel=near(leaf.personnel), public=near(leaf.public),
                   project=near(leaf.project))  # fmt: skip
