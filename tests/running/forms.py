"""Reading the forms of a page as a browser does, and filling them in as somebody in a hurry does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

WORDS = "已核实情况，按规定办理。"
BUTTONS = {"submit", "button", "reset", "image"}


@dataclass
class Field:
    """One field: its kind, its value as drawn, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Form:
    """One form that is posted: where to, and its fields in order."""

    address: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [one.value for one in self.fields if one.name == name]

    def filled(self, button: tuple[str, str] | None = None, **said: str) -> dict[str, list[str]]:
        """What is sent when every empty field is filled in and `button` is pressed; `said` goes before."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind == "file" or one.name == "csrfmiddlewaretoken":
                continue
            sent.setdefault(one.name, [])
            if one.kind == "select":
                picked = [value for value, chosen in one.options if chosen and value]
                sent[one.name] += picked or [value for value, _ in one.options if value][:1]
            elif one.kind in ("radio", "checkbox"):
                if one.chosen or (one.kind == "radio" and not sent[one.name]):
                    sent[one.name] = [*(sent[one.name] if one.kind == "checkbox" else []), one.value or "on"]
            else:
                sent[one.name].append(one.value or (WORDS if one.kind == "textarea" else ""))
        if button and button[0]:
            sent[button[0]] = [button[1]]
        return sent | {name: [value] for name, value in said.items() if name in sent}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self._open = page, [], None  # type: ignore[var-annotated]
        self._select: Field | None = None
        self._area: Field | None = None
        self._by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(urljoin(self.page, said.get("action", "") or self.page))
            self._open = form
            self._by_id[said.get("id", "")] = form
            if said.get("method", "").lower() == "post":
                self.forms.append(form)
        form = self._by_id.get(said["form"]) if said.get("form") else self._open
        if form is None:
            return
        kind, name = said.get("type", "text"), said.get("name", "")
        if tag == "button" and kind in ("submit", "text"):
            form.buttons.append((name, said.get("value", "")))
        elif tag == "input" and name and kind not in BUTTONS:
            form.fields.append(Field(name, kind, said.get("value", ""), "checked" in said))
        elif tag == "select":
            self._select = Field(name, "select")
            form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.options.append((said.get("value", ""), "selected" in said))
        elif tag == "textarea":
            self._area = Field(name, "textarea")
            form.fields.append(self._area)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.strip("\n")


def forms_in(html: str, page: str) -> list[Form]:
    """The forms of `html`, read from address `page`, that are posted."""
    reader = _Reader(page)
    reader.feed(html)
    return list(reader.forms)
