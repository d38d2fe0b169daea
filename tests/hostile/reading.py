"""A page as somebody without eyes and without a browser reads it: its headings, links, and forms with their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Field:
    """A field of a form: what it is called, what it is, what it holds, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    required: bool = False
    limit: int | None = None


@dataclass
class Form:
    """A form: where it goes, how, and what it asks. `buttons` are the names and values one may press."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    @property
    def hidden(self) -> dict[str, str]:
        """What goes along without being asked."""
        return {f.name: f.value for f in self.fields if f.kind == "hidden"}


READ = {
    "html": "_html", "h1": "_h1", "a": "_a", "script": "_script", "form": "_opened_form", "input": "_input",
    "button": "_button", "textarea": "_textarea", "select": "_opened_select", "option": "_option",
}  # fmt: skip


class Reader(HTMLParser):
    """Reads one page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lang, self.title, self.h1, self.ids = "", "", 0, list[str]()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.scripts: list[str] = []
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._later: list[tuple[str, Field | tuple[str, str]]] = []
        self._select: Field | None = None
        self._area: Field | None = None
        self._inside: list[str] = []
        self.feed(text)
        self.close()
        for form_id, thing in self._later:
            self._put(self._by_id.get(form_id), thing)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.handlers += [f"{tag} {name}" for name in said if name.startswith("on")]
        self.ids += [said["id"]] if "id" in said else []
        self.sources += [said[a] for a in ("src", "data", "poster") if said.get(a)]
        if tag in ("title", "script", "style"):
            self._inside.append(tag)
        if tag in READ:
            getattr(self, READ[tag])(said)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "script", "style") and self._inside:
            self._inside.pop()
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif self._inside[-1:] == ["title"]:
            self.title += data
        elif self._inside[-1:] == ["script"]:
            self.scripts.append(data)
        elif not self._inside:
            self.text.append(data)

    def _html(self, said: dict[str, str]) -> None:
        self.lang = said.get("lang", "")

    def _h1(self, said: dict[str, str]) -> None:
        self.h1 += 1

    def _a(self, said: dict[str, str]) -> None:
        if "href" in said:
            self.links.append(said["href"])

    def _script(self, said: dict[str, str]) -> None:
        if not said.get("src"):
            self.scripts.append("")

    def _opened_form(self, said: dict[str, str]) -> None:
        self._form = Form(said.get("action", ""), said.get("method", "get").lower())
        self.forms.append(self._form)
        if "id" in said:
            self._by_id[said["id"]] = self._form

    def _put(self, form: Form | None, thing: "Field | tuple[str, str]") -> None:
        if form is None:
            return
        if isinstance(thing, tuple):
            form.buttons.append(thing)
            return
        before = next((f for f in form.fields if f.name == thing.name and f.kind == thing.kind == "radio"), None)
        if before is None:
            form.fields.append(thing)
        else:
            before.options += thing.options
            before.value = before.value or thing.value

    def _add(self, said: dict[str, str], thing: "Field | tuple[str, str]") -> None:
        if "form" in said:
            self._later.append((said["form"], thing))
        else:
            self._put(self._form, thing)

    def _input(self, said: dict[str, str]) -> None:
        kind = said.get("type", "text").lower()
        if kind in ("submit", "image"):
            self._button(said | {"type": "submit"})
        elif said.get("name"):
            value = said.get("value", "on" if kind == "checkbox" else "")
            chosen = kind not in ("radio", "checkbox") or "checked" in said
            options = [value] if kind in ("radio", "checkbox") else []
            limit = int(said["maxlength"]) if said.get("maxlength", "").isdigit() else None
            made = Field(said["name"], kind, value if chosen else "", options, "required" in said, limit)
            self._add(said, made)

    def _button(self, said: dict[str, str]) -> None:
        if said.get("type", "submit") == "submit":
            self._add(said, (said.get("name", ""), said.get("value", "")))

    def _textarea(self, said: dict[str, str]) -> None:
        self._area = Field(said.get("name", ""), "textarea", required="required" in said)
        self._add(said, self._area)

    def _opened_select(self, said: dict[str, str]) -> None:
        kind = "many" if "multiple" in said else "select"
        self._select = Field(said.get("name", ""), kind, required="required" in said)
        self._add(said, self._select)

    def _option(self, said: dict[str, str]) -> None:
        if self._select is not None:
            self._select.options.append(said.get("value", ""))
            if "selected" in said:
                self._select.value = said.get("value", "")


def read(answer: Any) -> Reader:
    """What a page says."""
    return Reader(answer.content.decode())


def form_to(answer: Any, action: str) -> Form:
    """The page's form that goes to an address ending in `action`."""
    return next(form for form in read(answer).forms if form.action.partition("?")[0].endswith(action))


PLAUSIBLE = {
    "telephone": "13800006021", "until": "2026-12-01T10:00", "parts": "井盖\n围挡", "lon": "114.1", "lat": "38.0",
    "name": "钱来件",
}  # fmt: skip


def filled(form: Form, **said: str) -> dict[str, Any]:
    """The form as somebody fills it in who means what she says; `said` overrules."""
    given: dict[str, Any] = {}
    for one in form.fields:
        choices = [o for o in one.options if o]
        if one.name in said:
            given[one.name] = said[one.name]
        elif one.kind in ("hidden",):
            given[one.name] = one.value
        elif one.kind in ("select", "radio"):
            if value := one.value or (choices[0] if choices else ""):
                given[one.name] = value
        elif one.kind == "textarea" or one.kind in ("text", "search", "tel", "datetime-local", "number"):
            given[one.name] = one.value.strip() or PLAUSIBLE.get(one.name, "巷口井盖丢失。")[: one.limit or 4000]
        elif one.kind not in ("checkbox", "many", "file", "password"):
            given[one.name] = one.value
    return given
