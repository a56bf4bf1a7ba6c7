"""Invented figures of an invented department, that add up in every way they are printed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["ECONOMIC", "FUNCTIONS", "Budget", "Leaf", "make_budget", "split"]

FUNCTIONS = dict(
    line.split(" ")
    for line in """\
201 一般公共服务支出
20103 政府办公厅（室）及相关机构事务
2010301 行政运行
2010302 一般行政管理事务
2010399 其他政府办公厅（室）及相关机构事务支出
205 教育支出
20508 进修及培训
2050803 培训支出
207 文化旅游体育与传媒支出
20703 体育
2070301 行政运行
2070307 体育场馆
2070308 群众体育
208 社会保障和就业支出
20805 行政事业单位养老支出
2080501 行政单位离退休
2080505 机关事业单位基本养老保险缴费支出
2080506 机关事业单位职业年金缴费支出
210 卫生健康支出
21011 行政事业单位医疗
2101101 行政单位医疗
2101102 事业单位医疗
2101103 公务员医疗补助
212 城乡社区支出
21208 国有土地使用权出让收入安排的支出
2120803 城市建设支出
2120804 农村基础设施建设支出
213 农林水支出
21303 水利
2130301 行政运行
2130305 水利工程建设
2130306 水利工程运行与维护
214 交通运输支出
21401 公路水路运输
2140101 行政运行
2140106 公路养护
2140112 公路运输管理
221 住房保障支出
22102 住房改革支出
2210201 住房公积金
2210203 购房补贴
223 国有资本经营预算支出
22301 解决历史遗留问题及改革成本支出
2230105 国有企业退休人员社会化管理补助支出
229 其他支出
22960 彩票公益金安排的支出
2296003 用于体育事业的彩票公益金支出""".splitlines()
)

ECONOMIC = dict(
    line.split(" ")
    for line in """\
301 工资福利支出
30101 基本工资
30102 津贴补贴
30103 奖金
30107 绩效工资
30108 机关事业单位基本养老保险缴费
30109 职业年金缴费
30110 职工基本医疗保险缴费
30111 公务员医疗补助缴费
30112 其他社会保障缴费
30113 住房公积金
30199 其他工资福利支出
302 商品和服务支出
30201 办公费
30202 印刷费
30204 手续费
30205 水费
30206 电费
30207 邮电费
30209 物业管理费
30211 差旅费
30212 因公出国（境）费用
30213 维修（护）费
30214 租赁费
30215 会议费
30216 培训费
30217 公务接待费
30226 劳务费
30227 委托业务费
30228 工会经费
30229 福利费
30231 公务用车运行维护费
30239 其他交通费用
30299 其他商品和服务支出
303 对个人和家庭的补助
30302 退休费
30305 生活补助
310 资本性支出
31002 办公设备购置""".splitlines()
)

WORK = {
    "water": ("2130301", ("2130305", "2130306")),
    "road": ("2140101", ("2140106", "2140112")),
    "sport": ("2070301", ("2070307", "2070308")),
    "office": ("2010301", ("2010302", "2010399")),
}
PERSONNEL = ["30101", "30102", "30103", "30108", "30109", "30110", "30113", "30302", "30305"]
PUBLIC = [
    "30201",
    "30205",
    "30206",
    "30207",
    "30211",
    "30216",
    "30217",
    "30228",
    "30231",
    "30239",
    "30299",
    "31002",
]


@dataclass(frozen=True)
class Leaf:
    """Spending on one function out of one source, in yuan; ``carry`` of it from last year."""

    code: str
    source: str
    personnel: Decimal = Decimal(0)
    public: Decimal = Decimal(0)
    project: Decimal = Decimal(0)
    carry: Decimal = Decimal(0)

    @property
    def name(self) -> str:
        return FUNCTIONS[self.code]

    @property
    def basic(self) -> Decimal:
        return self.personnel + self.public

    @property
    def total(self) -> Decimal:
        return self.basic + self.project

    @property
    def current(self) -> Decimal:
        return self.total - self.carry


Measure = Callable[[Leaf], Decimal]


@dataclass(frozen=True)
class Budget:
    """A department's year. Sources: gpb, fund, capital, business, other."""

    leaves: tuple[Leaf, ...]
    economic: dict[str, Decimal]
    """Basic expenditure of the general budget by economic code (five digits)."""
    overseas: Decimal
    purchase: Decimal
    vehicles: Decimal
    hospitality: Decimal
    projects: tuple[tuple[str, Leaf, Decimal], ...]
    """Names of projects with the function they stand under and their amounts."""
    rng: random.Random
    step: Decimal

    def of(self, *sources: str) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.source in sources)

    def sum(self, measure: Measure, *sources: str) -> Decimal:
        leaves = self.of(*sources) if sources else self.leaves
        return sum((measure(leaf) for leaf in leaves), Decimal(0))

    @property
    def three_public(self) -> Decimal:
        return self.overseas + self.purchase + self.vehicles + self.hospitality

    def economic_sum(self, prefix: str = "") -> Decimal:
        return sum((v for c, v in self.economic.items() if c.startswith(prefix)), Decimal(0))

    def is_personnel(self, code: str) -> bool:
        return code.startswith(("301", "303"))

    def functions(
        self, leaves: Iterable[Leaf], levels: tuple[int, ...]
    ) -> list[tuple[str, str, list[Leaf]]]:
        """Code, name and leaves of each function of the digits given, in the order of codes."""
        found: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            for digits in levels:
                found.setdefault(leaf.code[:digits], []).append(leaf)
        return [(code, FUNCTIONS[code], found[code]) for code in sorted(found)]

    def merged(self, leaves: Iterable[Leaf]) -> list[Leaf]:
        """One leaf a function: amounts out of several sources added."""
        return [
            Leaf(code, "all", *(sum((getattr(leaf, part) for leaf in own), Decimal(0))
                                for part in ("personnel", "public", "project", "carry")))
            for code, _, own in self.functions(leaves, (7,))
        ]  # fmt: skip

    def near(self, value: Decimal) -> Decimal:
        """An amount of the year before or of another phase, not far from this one."""
        if not value:
            return value
        return (value * self.rng.randint(80, 97) / 100 / self.step).to_integral_value() * self.step


def split(total: Decimal, count: int, rng: random.Random, step: Decimal) -> list[Decimal]:
    """A total in parts that are whole steps and add up to it."""
    weights = [rng.randint(10, 99) for _ in range(count)]
    parts = [(total * w / sum(weights) / step).to_integral_value() * step for w in weights[:-1]]
    return [*parts, total - sum(parts, Decimal(0))]


def make_budget(
    seed: int, work: str, step: str, *,
    fund: bool = False, capital: bool = False, business: bool = False, carry: bool = True,
    vehicle_purchase: bool = False,
) -> Budget:  # fmt: skip
    """Figures in whole ``step`` yuan. The seed alone decides them."""
    rng, unit = random.Random(seed), Decimal(step)

    def some(low: int, high: int) -> Decimal:
        """An amount between so many 万元."""
        steps = rng.randint(int(low * 10_000 / unit), int(high * 10_000 / unit))
        return steps * unit

    running, works = WORK[work]
    leaves = [Leaf(running, "gpb", some(300, 900), some(60, 200), some(20, 90))]
    leaves += [
        Leaf(
            code, "gpb", project=project, carry=some(10, 90) if carry and not index else Decimal(0)
        )
        for index, code in enumerate(works)
        for project in [some(100, 2500)]
    ]
    leaves.append(Leaf("2080501", "gpb", some(5, 30), some(1, 4)))
    leaves += [
        Leaf(code, "gpb", some(20, 90))
        for code in ("2080505", "2080506", "2101101", "2101103", "2210201")
    ]
    if fund:
        code = "2296003" if work == "sport" else "2120804"
        leaves.append(
            Leaf(code, "fund", project=some(80, 700), carry=some(5, 30) if carry else Decimal(0))
        )
    if capital:
        leaves.append(Leaf("2230105", "capital", project=some(5, 40)))
    if business:
        leaves.append(Leaf(works[1], "business", some(30, 90), project=some(10, 60)))
        leaves.append(Leaf("2101102", "other", some(3, 20)))
    own = [leaf for leaf in leaves if leaf.source == "gpb"]
    personnel = split(sum((leaf.personnel for leaf in own), Decimal(0)), len(PERSONNEL), rng, unit)
    public = split(sum((leaf.public for leaf in own), Decimal(0)), len(PUBLIC), rng, unit)
    economic = dict(zip([*PERSONNEL, *PUBLIC], [*personnel, *public], strict=True))
    purchase = some(15, 40) if vehicle_purchase else Decimal(0)
    themes = ("灌区", "信息化", "宣传", "维修", "督查", "普查")
    projects = tuple(
        (f"{themes[index % 6]}{'改造' if index % 2 else '运行'}专项", leaf, leaf.project)
        for index, leaf in enumerate(leaf for leaf in leaves if leaf.project)
    )
    return Budget(
        tuple(leaves), economic, Decimal(0), purchase, economic["30231"], economic["30217"],
        projects, rng, unit,
    )  # fmt: skip
