"""How wordings are written down in ``schemas/``, and that they mean what they say."""

import re
from typing import Any

import pytest

from yusuan.files.data import data_path, read_yaml
from yusuan.lexicon.phrases import expression, phrase, words_of
from yusuan.model.errors import YusuanError
from yusuan.narrative.clauses import pattern


@pytest.mark.parametrize(("entry", "found", "not_found"), [
    ("预算(数|额)?为", ["预算为", "预算数为"], ["预算总为"]),
    (["持平", "无变化"], ["与上年持平", "无变化"], ["增加"]),
    ({"start": ["其中:?", "包括"]}, ["其中:甲", "包括甲"], ["甲其中"]),
    ({"end": "{rise}了?"}, ["比上年增长", "提高了"], ["增长后"]),
    ({"whole": ["合计", "总计"]}, ["合计"], ["支出合计"]),
    ("年【后无：初】", ["上年", "年度"], ["年初"]),
    ("预算【后有：合计|总计】", ["预算合计"], ["预算数"]),
    ("【前有：[算数]】减", ["预算减"], ["加减"]),
    ("【前无：最】近", ["近"], ["最近"]),
    ("[(（](批|次)", ["(批", "（次"], ["批"]),
])  # fmt: skip
def test_the_notation_of_phrases(entry: Any, found: list[str], not_found: list[str]) -> None:
    written = re.compile(expression(entry))
    assert all(written.search(text) for text in found)
    assert not any(written.search(text) for text in not_found)
    assert written.groups == 0


@pytest.mark.parametrize(("name", "yes", "no"), [
    ("caption.continued", "(续表):", "续聘人员表"),
    ("caption.of_above", "注:上表数据", "收支总表"),
    ("caption.remark", "备注:无", "备注栏"),
    ("caption.organisation", "编制单位:甲县水利局", "单位性质"),
    ("label.numbered", "2130101行政运行", "2024年预算数"),
    ("label.level_2", "(一)工资福利支出", "一、工资福利支出"),
    ("number.measured", "万元", "行政"),
    ("passage.begins", "(1)一般公共预算", "主要原因:厉行节约"),
    ("passage.heading_with_stop", "收入预算情况说明。", "收入预算12万元的说明。"),
    ("target.total_row", "合计", "合计数"),
    ("function.named", "农林水支出(类)", "农林水支出"),
    ("title.about", "甲县水利局2024年收入预算", "甲县水利局2024年工作总结"),
    ("title.responsible", "编制单位:甲县水利局(公章)", "编制单位"),
    ("section.plain_term", "财政拨款:指预算资金", "财政拨款"),
    ("clause.share", "占总额的", "总额的"),
    ("layout.above_table", "单位名称:甲县水利局", "行政运行"),
    ("layout.title", "部门收支总表", "部门收支"),
    ("layout.continued", "收支总表(续)", "继续教育"),
    ("layout.starts_entry", "一、工资福利支出", "工资福利支出"),
    ("layout.total", "合 计", "会计"),
])  # fmt: skip
def test_phrases_of_the_lexicon_stand_for_what_they_name(name: str, yes: str, no: str) -> None:
    assert phrase(name).match(yes) or phrase(name).search(yes)
    assert not phrase(name).match(no)


def test_phrases_give_what_they_name() -> None:
    kind = phrase("title.kind").search("甲县水利局2024年单位预算")
    assert kind and kind.groupdict() == {"whose": "单位", "what": "预算"}
    issued = phrase("title.issued").search("发布日期:2024-02-18")
    assert issued and issued.groupdict() == {"year": "2024", "month": "02", "day": "18"}


def test_every_phrase_can_be_read() -> None:
    for section, entries in read_yaml(data_path("schemas", "lexicon.yaml"))["phrases"].items():
        for entry in entries:
            assert phrase(f"{section}.{entry}").pattern
    for name in read_yaml(data_path("schemas", "narrative.yaml"))["wording"]:
        assert pattern(name).pattern


@pytest.mark.parametrize("call", [
    lambda: phrase("caption.nothing"),
    lambda: words_of("nothing"),
    lambda: expression("{nothing}为"),
])  # fmt: skip
def test_what_the_lexicon_does_not_have_is_named(call: Any) -> None:
    with pytest.raises(YusuanError, match=r"lexicon\.yaml: there is no .*nothing"):
        call()
