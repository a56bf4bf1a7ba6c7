"""The Reconciliation API as OpenRefine uses it: names in, departments and codes out."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from tests.serve.reconcile_schemas import SCHEMAS
from yusuan import Package
from yusuan.serve.reconcile.register import Entity, Register, register
from yusuan.serve.reconcile.requests import Query
from yusuan.serve.reconcile.service import candidates

PATH = "/-/reconcile"
FUNCTION = "id/code/expenditure-function/2022-2010301"
DEPARTMENT = "id/department/652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi"


def checked(answer: httpx.Response, schema: str) -> Any:
    """The answer, if it has the shape that the specification gives it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("application/json")
    jsonschema.validate(answer.json(), SCHEMAS[schema])
    return answer.json()


@pytest.fixture
def ask(get):
    """`ask(query="行政运行")` is the candidates for one query."""

    def one(**query: Any) -> list[dict[str, Any]]:
        batch = json.dumps({"q0": query}, ensure_ascii=False)
        answer = get(PATH, "post", data={"queries": batch})
        found: list[dict[str, Any]] = checked(answer, "result-batch")["q0"]["result"]
        return found

    return one


def test_the_manifest_says_what_there_is_and_all_of_it_answers(get, package: Package):
    manifest = checked(get(PATH), "manifest")
    assert "0.2" in manifest["versions"]
    assert manifest["identifierSpace"] == package.base
    for each, service in manifest["suggest"].items():
        address = service["service_url"] + service["service_path"]
        checked(get(httpx.URL(address).path, params={"prefix": "c"}), f"suggest-{each}")
    for pattern in (manifest["view"]["url"], manifest["preview"]["url"]):
        url = httpx.URL(pattern.replace("{{id}}", FUNCTION.replace("/", "%2F")))
        shown = get(url.raw_path.decode(), follow_redirects=True)
        assert shown.status_code == 200
        assert "行政运行" in shown.text
    assert get(httpx.URL(manifest["documentation"]).path).status_code == 200
    assert get(httpx.URL(manifest["logo"]).path).status_code == 200


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("行政运行", FUNCTION),
        ("2010301 行政运行", FUNCTION),
        ("行政运行（款）", FUNCTION),
        ("2010301", FUNCTION),
        (FUNCTION, FUNCTION),
        ("http://127.0.0.1:8001/" + FUNCTION, FUNCTION),
        ("新疆库尔勒经济技术开发区党政办公室", DEPARTMENT),
        ("开发区管委会党政办", DEPARTMENT),
        ("财政拨款", "def/fund-source/fiscal-appropriation"),
        ("Fiscal appropriation", "def/fund-source/fiscal-appropriation"),
    ],
)
def test_a_name_a_code_or_an_identifier_is_known(ask, name, expected):
    best = ask(query=name)[0]
    assert best["id"] == expected
    assert best["score"] == 100 and best["match"] is True


def test_a_name_that_is_only_like_another_is_offered_and_not_matched(ask):
    found = ask(query="机关事业单位养老保险缴费")
    assert found[0]["name"].startswith("机关事业单位基本养老保险缴费")
    assert found[0]["match"] is False and 50 < found[0]["score"] < 100
    assert [each["score"] for each in found] == sorted((c["score"] for c in found), reverse=True)
    assert ask(query="zzzz") == []


def test_namesakes_are_left_to_the_user(ask):
    """The same name in several lists is a match of none of them."""
    name = "机关事业单位基本养老保险缴费支出"
    exact = [each for each in ask(query=name) if each["score"] == 100]
    assert len({each["type"][0]["id"] for each in exact}) == len(exact) == 2
    assert not any(each["match"] for each in exact)
    (chosen,) = [each for each in ask(query=name, type="expenditure-function") if each["match"]]
    assert chosen["description"].startswith("2080505")


def test_types_and_properties_narrow_the_choice(ask):
    assert ask(query="行政运行", type="department") == []
    by_type = ask(query="行政运行", type=["expenditure-function"], type_strict="all")
    assert {each["type"][0]["id"] for each in by_type} == {"expenditure-function"}
    right = ask(query="行政运行", properties=[{"pid": "year", "v": 2022}])[0]
    assert right["match"] and {"id": "year", "value": True} in right["features"]
    wrong = ask(query="行政运行", properties=[{"pid": "year", "v": "1999"}])[0]
    assert not wrong["match"] and wrong["score"] == 50
    parent = {"id": "id/code/expenditure-function/2022-20103", "name": "x"}
    children = ask(properties=[{"pid": "parent", "v": [parent, "nothing"]}], limit=5)
    assert FUNCTION in {each["id"] for each in children}
    assert ask(properties=[{"pid": "parent", "v": "政府办公厅（室）及相关机构事务"}])
    assert len(ask(query="支出", limit=3)) == 3


def test_a_batch_may_come_in_the_address(get):
    queries = json.dumps({"a": {"query": "行政运行"}, "b": {"query": "住房公积金"}})
    answer = checked(get(PATH, params={"queries": queries}), "result-batch")
    assert {key: answer[key]["result"][0]["name"] for key in answer} == {
        "a": "行政运行", "b": "住房公积金",
    }  # fmt: skip


def test_suggestions_begin_with_what_was_typed(get):
    found = checked(get(f"{PATH}/suggest/entity", params={"prefix": "行政"}), "suggest-entity")
    assert found["result"] and all(each["name"].startswith("行政") for each in found["result"])
    skipped = get(f"{PATH}/suggest/entity", params={"prefix": "行政", "cursor": 1}).json()
    assert skipped["result"] == found["result"][1:]
    coded = get(f"{PATH}/suggest/entity", params={"prefix": "20103"}).json()["result"]
    assert all("20103" in each["description"] for each in coded) and len(coded) >= 3
    by_id = get(f"{PATH}/suggest/entity", params={"prefix": FUNCTION}).json()["result"]
    assert by_id[0]["id"] == FUNCTION
    types = checked(get(f"{PATH}/suggest/type", params={"prefix": "部门"}), "suggest-type")
    assert {"department"} <= {each["id"] for each in types["result"]}
    named = checked(get(f"{PATH}/suggest/property", params={"prefix": "编码"}), "suggest-property")
    assert "code" in {each["id"] for each in named["result"]}


def test_columns_are_filled_with_the_values_of_entities(get):
    proposed = get(f"{PATH}/properties", params={"type": "expenditure-function"}).json()
    offered = {each["id"] for each in proposed["properties"]}
    assert {"code", "name_en", "parent", "cofog"} <= offered and "division" not in offered
    asked = {"ids": [FUNCTION, "id/code/none"], "properties": [{"id": "code"}, {"id": "parent"}]}
    answer = checked(get(PATH, "post", data={"extend": json.dumps(asked)}), "extend")
    row = answer["rows"][FUNCTION]
    assert row["code"] == [{"str": "2010301"}]
    assert row["parent"] == [
        {"id": "id/code/expenditure-function/2022-20103", "name": "政府办公厅（室）及相关机构事务"}
    ]
    assert answer["rows"]["id/code/none"] == {"code": [], "parent": []}


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"queries": "{"}, 400, "not valid JSON"),
        ({"queries": "[" * 100_000}, 400, "not valid JSON"),
        ({"queries": "[]"}, 400, "object of queries"),
        ({"queries": '{"a": {"query": " "}}'}, 400, "a: a query needs"),
        ({"queries": '{"a": {"query": "x", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"a": {"query": "x", "type_strict": "never"}}'}, 400, "type_strict"),
        ({"queries": '{"a": {"query": "x", "else": 1}}'}, 400, "'else'"),
        ({"queries": '{"a": {"properties": [{"pid": "code"}]}}'}, 400, "pid"),
        ({"queries": '{"a": {"query": "x", "properties": [{"pid": "a", "v": null}]}}'}, 400, "`v`"),
        ({"queries": json.dumps({str(i): {"query": "x"} for i in range(201)})}, 413, "at most 200"),
        ({"queries": json.dumps({"a": {"query": "x" * 501}})}, 400, "500 characters"),
        ({"extend": '{"ids": "x"}'}, 400, "`ids`"),
        ({"extend": '{"ids": ["x"], "properties": [{"id": "none"}]}'}, 400, "no property 'none'"),
        ({"queries": "x" * 1_000_001}, 413, "too long"),
    ],
)
def test_what_is_no_request_is_told_in_a_sentence(get, data, status, told):
    answer = get(PATH, "post", data=data)
    assert answer.status_code == status
    assert told in answer.text and answer.text.endswith(".\n")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_other_addresses_and_methods(get):
    assert get(f"{PATH}/view", params={"id": "id/none"}).status_code == 404
    assert get(f"{PATH}/suggest/nothing").status_code == 404
    assert get(f"{PATH}/suggest/entity", params={"cursor": "x"}).status_code == 400
    assert get(PATH, "options").status_code == 204
    assert get(PATH, "delete").status_code == 405
    assert get(PATH, headers={"Host": "a b"}).status_code == 400


def test_a_country_of_departments_is_searched_quickly(package: Package):
    known = Register()
    for number in range(30_000):
        name = f"县{number // 100}财政局第{number % 100}分局"
        entity = Entity(f"id/{number}", name, "", ("department",), "", frozenset({name}), {})
        known.entities[entity.id] = entity
        known.names.setdefault(name, []).append(entity.id)
        for pair in {name[i : i + 2] for i in range(len(name) - 1)}:
            known.pairs.setdefault(pair, []).append(entity.id)
    started = time.process_time()
    for number in range(0, 30_000, 3_000):
        (best, *_) = candidates(known, Query(f"县{number // 100}财政局第{number % 100}分局"))
        assert best.entity.id == f"id/{number}" and best.match
        assert candidates(known, Query(f"县{number // 100}财政第{number % 100}分局"))
    assert time.process_time() - started < 5


def test_a_rebuilt_database_is_read_again(package: Package, tmp_path: Path):
    database = package.folder / "budget.db"
    assert register(database, 1) is register(database, 1)
    assert register(database, 1) is not register(database, 2)
