"""The site described in OpenAPI, made from its resolver and from the forms it draws; nobody writes it by hand."""

import re
from typing import Any

from hostile.addresses import ADDRESSES, Address, real
from hostile.reading import Form, read
from hostile.world import World

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
ASKED = (
    "q", "queue", "stage", "grade", "category", "source", "due", "ground", "after", "before", "page", "place", "layer",
    "county", "find", "next", "mark", "shown", "asked", "all", "done", "size", "since", "until", "who", "verb",
)  # fmt: skip
"""What addresses are asked for behind the question mark."""


def described(world: World) -> dict[str, Any]:
    """The whole site: every address with its parameters, and for what is sent the fields of its forms."""
    fields = fields_of(world)
    paths: dict[str, Any] = {}
    for route, address in ADDRESSES.items():
        template = "/" + PARAMETER.sub(lambda found: "{%s}" % (found[1] or found[2]), route).strip("^$")
        paths[template] = {"parameters": parameters(route, address, world), "get": said("get", template)}
        if address.posts:
            properties = fields.get(sort_of(real(address, world)), {}) | {"key": {"type": "string"}}
            body = {"schema": {"type": "object", "properties": properties, "additionalProperties": {"type": "string"}}}
            content = {"application/x-www-form-urlencoded": body, "multipart/form-data": body}
            paths[template]["post"] = said("post", template) | {"requestBody": {"content": content}}
    return {"openapi": "3.0.2", "info": {"title": "Jingwei", "version": "1"}, "paths": paths}


def said(method: str, template: str) -> dict[str, Any]:
    return {"operationId": f"{method} {template}", "responses": {"default": {"description": "a page"}}}


def parameters(route: str, address: Address, world: World) -> list[dict[str, Any]]:
    """Each piece of an address: the real one, or anything; and what may be asked, all of it anything."""
    names = [found[1] or found[2] for found in PARAMETER.finditer(route)]
    pattern = "/" + PARAMETER.sub("([^/]+)", re.sub(r"\^|\$", "", route))
    found = re.fullmatch(pattern, real(address, world).partition("?")[0])
    values = found.groups() if found else ("",) * len(names)
    pieces = [
        {"name": name, "in": "path", "required": True, "schema": {"anyOf": [{"enum": [value]}, {"type": "string"}]}}
        for name, value in zip(names, values, strict=True)
    ]
    return pieces + [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ASKED]


def sort_of(path: str) -> str:
    """An address without its numbers, so that the form of one case describes that of another."""
    return re.sub(r"[A-Z]*\d+", "#", path.partition("?")[0])


def fields_of(world: World) -> dict[str, dict[str, Any]]:
    """The fields of every form on the pages that its people see, by where the form goes."""
    fields: dict[str, dict[str, Any]] = {}
    for name in ("our dispatcher", "the bearer"):
        for address in ADDRESSES.values():
            answer = world.person(name).client.get(real(address, world))
            if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
                for close in answer._resource_closers:
                    close()
                continue
            for form in read(answer).forms:
                action = sort_of(form.action or real(address, world))
                fields[action] = fields.get(action, {}) | properties_of(form)
    return fields


def properties_of(form: Form) -> dict[str, Any]:
    """A form's fields: one of what may be chosen, or anything."""
    return {
        one.name: {"anyOf": [{"enum": [o for o in (*one.options, one.value) if o] or [""]}, {"type": "string"}]}
        for one in form.fields
        if one.name != "csrfmiddlewaretoken"
    }
