"""How the HTTP API describes itself: OpenAPI 3.1, made from the models that read the requests and shape the answers."""

from copy import deepcopy
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ResponseDict, SecuritySchemesDict
from pydantic import BaseModel, Field

from comments_service.web import incoming, strict_json

READING = Tag(
    name="Reading",
    description="Anonymous and the same for everybody: any page may ask, any cache may keep the answer. "
    "Send the `ETag` back as `If-None-Match` and an unchanged answer is a 304 without a body.",
)
TAKING_PART = Tag(
    name="Taking part",
    description="For one browser, from a page on one of the site's origins. The browser makes a secret of its own, "
    "32 random bytes as base64url, and sends it as `Authorization: Bearer`; the service keeps only its digest.",
)
ARTICLES = Tag(
    name="Articles",
    description="For the paper's own server, which holds an API token; never from a browser.",
)
BROWSER, TOKEN = "browser", "token"
SCHEMES: SecuritySchemesDict = {
    BROWSER: {"type": "http", "scheme": "bearer", "description": "The secret that this browser made, 43 characters."},
    TOKEN: {"type": "http", "scheme": "bearer", "description": "An API token of one site, from `token add`."},
}
INFO = Info(
    title="Comments",
    version=version("comments-service"),
    description="Threads, replies, recommendations, reports and shares under the articles of a news site.",
)
RETRY_AFTER = {"description": "In how many seconds to try again.", "schema": {"type": "integer", "minimum": 1}}
ETAG = {"description": "Moves with the bytes of the answer.", "schema": {"type": "string"}}
KEPT = {"description": "How long browsers and shared caches may keep the answer.", "schema": {"type": "string"}}


BEACONS = {endpoint.rpartition(".")[2] for endpoint in strict_json.BEACONS}


class Problem(incoming.Incoming):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = incoming.told("A sentence for the person.")
    field: str = Field("", description="The field or parameter that it is about, where there is one.")
    code: str = Field("", description="Of a sign-in token: why it does not count, in one word.")
    reason: str = Field("", description="Of a sign-in token: the same as a sentence for the site's owner.")


def family(name: str, prefix: str, *, tag: Tag, proof: str | None = None) -> APIBlueprint:
    """A blueprint whose routes describe themselves; `proof` names how their callers say who they are."""
    security = [{proof: list[str]()}] if proof else []
    return APIBlueprint(
        name, __name__, url_prefix=prefix, abp_tags=[tag], abp_security=security, operation_id_callback=_operation_id
    )


def answers(found: dict[int, type[BaseModel] | None], *refused: int) -> ResponseDict:
    """What a route may answer: a model for each success, and a problem for each status that it refuses with."""
    made: ResponseDict = {str(status): model for status, model in found.items()}
    made |= {str(status): _problem(HTTPStatus(status).phrase) for status in refused}
    return made | {"default": _problem("Any other refusal or failure")}


@lru_cache(maxsize=1)
def document(app: OpenAPI) -> dict[str, Any]:
    """The whole specification of an app, made once."""
    made = deepcopy(app.api_doc)
    for schema in made["components"]["schemas"].values():
        # The library lists each definition beside the schema that uses it, and leaves a copy inside.
        schema.pop("$defs", None)
        _without_titles(schema)
    for item in made["paths"].values():
        for method, operation in item.items():
            for parameter in operation.get("parameters", []):
                _without_titles({"properties": {"": parameter["schema"]}})
            if method == "get" and operation["tags"] == [READING.name]:
                operation["responses"]["200"]["headers"] = {"ETag": ETAG, "Cache-Control": KEPT}
                operation["responses"]["304"] = {"description": "Not Modified", "headers": {"ETag": ETAG}}
            if operation["operationId"] in BEACONS:
                body = operation["requestBody"]["content"]
                body["text/plain"] = body[strict_json.JSON]
    return made


def _operation_id(*, name: str, path: str, method: str) -> str:
    # An operation is called what its view is called.
    return name


def _without_titles(schema: dict[str, Any]) -> None:
    # They only repeat the name of each field.
    for field in schema.get("properties", {}).values():
        field.pop("title", None)


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    made: dict[str, Any] = {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }
    return made | ({"headers": {"Retry-After": RETRY_AFTER}} if description == "Too Many Requests" else {})
