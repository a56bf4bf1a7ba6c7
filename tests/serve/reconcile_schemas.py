"""The shapes of the Reconciliation Service API 0.2, as JSON Schema in our own words."""

from __future__ import annotations

from typing import Any

__all__ = ["SCHEMAS"]


def record(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": "^https?://"}
WITH_ID = {"type": "string", "pattern": "^https?://.*\\{\\{id\\}\\}"}
NAMED = record("id name", id=TEXT, name=TEXT, description={"type": "string"})
TYPE = record("id name", id=TEXT, name=TEXT, broader=listed(NAMED))
SERVICE = record("service_url service_path", service_url=ADDRESS, service_path=TEXT)
CANDIDATE = record(
    "id name score",
    id=TEXT,
    name=TEXT,
    description={"type": "string"},
    score={"type": "number"},
    match={"type": "boolean"},
    type=listed(NAMED),
    features=listed(record("id value", id=TEXT, value={"type": ["number", "boolean"]})),
)
VALUE = {
    "oneOf": [
        {"type": "object", "additionalProperties": False, "required": required, "properties": known}
        for required, known in (
            ([], {}),
            (["id", "name"], {"id": TEXT, "name": TEXT, "description": TEXT}),
            (["str"], {"str": {"type": "string"}}),
            (["int"], {"int": {"type": "integer"}}),
        )
    ]
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "manifest": record(
        "versions name identifierSpace schemaSpace",
        versions={**listed(TEXT), "contains": {"const": "0.2"}},
        name=TEXT,
        identifierSpace=ADDRESS,
        schemaSpace=ADDRESS,
        documentation=ADDRESS,
        logo=ADDRESS,
        serviceVersion=TEXT,
        defaultTypes=listed(TYPE),
        view=record("url", url=WITH_ID),
        preview=record(
            "url width height", url=WITH_ID, width={"type": "integer"}, height={"type": "integer"}
        ),
        suggest=record("", entity=SERVICE, property=SERVICE, type=SERVICE),
        extend=record("", propose_properties=SERVICE, property_settings=listed(record(""))),
        batchSize={"type": "integer"},
    ),
    "result-batch": {
        "type": "object",
        "additionalProperties": record("result", result=listed(CANDIDATE)),
    },
    "suggest-entity": record(
        "result",
        result=listed({**NAMED, "properties": {**NAMED["properties"], "notable": listed(NAMED)}}),
    ),
    "suggest-type": record("result", result=listed(TYPE)),
    "suggest-property": record("result", result=listed(NAMED)),
    "extend": record(
        "meta rows",
        meta=listed(NAMED),
        rows={
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": listed(VALUE)},
        },
    ),
}
