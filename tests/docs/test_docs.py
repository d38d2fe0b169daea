"""By-laws of the documents: what they name is there, what is there they name, and they lead somewhere."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jingwei.casework.acts.motions import SORTS
from jingwei.casework.kinds import kind_named
from jingwei.casework.pack import Clock
from jingwei.casework.pages.operations import COMMENT, OPERATIONS
from jingwei.cli.main import COMMANDS, parser
from jingwei.organisations.pack import Role

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCUMENTS = sorted({*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "data/README.md", ROOT / "bench/README.md"})

LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:home|root|tmp|work|usr|opt|srv|mnt|media|private|Users)/")
PACKAGE_REGISTRY = re.compile(
    r"pypi\.|pythonhosted|npmjs|registry\.[a-z]|mirrors?\.[a-z]+\.|docker\.io|crates\.io|proxy\.golang", re.IGNORECASE
)


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=named)


def prose(document: Path) -> str:
    """A document without its examples."""
    return INLINE.sub("", FENCED.sub("", document.read_text()))


def links(document: Path) -> Iterator[tuple[str, str]]:
    """Where a document leads within the project: path (empty: itself) and heading."""
    for target in LINK.findall(prose(document)):
        if not re.match(r"[a-z]+:", target):
            path, _, heading = target.partition("#")
            yield path, heading


def headings(document: Path) -> set[str]:
    """The names by which a document's headings are linked to, as Git hosts make them."""
    titles = re.findall(r"^#+ +(.+?) *$", FENCED.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_document
def test_every_link_leads_to_something_that_is_there(document: Path) -> None:
    lost = [
        f"{path}#{heading}" if heading else path
        for path, heading in links(document)
        if not (there := document.parent / path if path else document).exists()
        or (heading and heading not in headings(there))
    ]
    assert lost == []


def test_every_document_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    todo = [READMES[0]]
    while todo:
        document = todo.pop().resolve()
        if document not in reached and document.suffix == ".md" and document.exists():
            reached.add(document)
            todo += [document.parent / path for path, _ in links(document) if path]
    missing = [named(d) for d in DOCUMENTS if d.resolve() not in reached]
    assert missing == [], "give each a line in docs/README.md"


@each_document
def test_no_document_names_a_path_of_a_machine_or_a_registry_of_packages(document: Path) -> None:
    text = document.read_text()
    assert [found[0] for pattern in (MACHINE_PATH, PACKAGE_REGISTRY) for found in pattern.finditer(text)] == []


def commands_in(document: Path) -> list[str]:
    """Each `./jingwei …` of a document in its order, without the remark behind it."""
    text = document.read_text()
    examples = "\n".join([*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))])
    return [line.partition(" #")[0].strip() for line in re.findall(r"\./jingwei[^\n]*", examples)]


def test_both_readmes_name_the_same_commands_and_lead_to_the_same_pages() -> None:
    english, chinese = READMES
    assert commands_in(english) == commands_in(chinese)
    others = {readme.name for readme in READMES}
    assert [to for to in links(english) if to[0] not in others] == [to for to in links(chinese) if to[0] not in others]


def test_both_readmes_have_the_same_sections() -> None:
    counts = [
        [len(re.findall(r"^- |^\| ", part, re.MULTILINE)) for part in re.split(r"^## ", readme.read_text(), flags=re.M)]
        for readme in READMES
    ]
    assert counts[0] == counts[1]


OF_A_REQUEST = {"CONTENT_LENGTH", "wsgi.input"}
"""What a web server hands on with a request, under the same name `environ` (PEP 3333)."""


def variables_read() -> set[str]:
    """Every environment variable that the program or its starter reads."""
    found = set(re.findall(r"\$\{([A-Z][A-Z_]+)[-:]", (ROOT / "jingwei").read_text()))
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            found |= set(_read_by(node))
    return found


def _read_by(node: ast.AST) -> Iterator[str]:
    asked: ast.expr | None = None
    match node:
        case ast.Call(func=ast.Attribute(attr="get" | "setdefault" | "pop", value=of), args=[name, *_]) if _environ(of):
            asked = name
        case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="secret" | "getenv"), args=[name, *_]):
            asked = name
        case ast.Subscript(value=of, slice=name, ctx=ast.Load()) if _environ(of):
            asked = name
    if isinstance(asked, ast.Constant) and asked.value not in OF_A_REQUEST:
        yield str(asked.value)


def _environ(of: ast.expr) -> bool:
    return "environ" in (getattr(of, "attr", ""), getattr(of, "id", ""))


def test_every_setting_is_described_and_nothing_else_is() -> None:
    page = (DOCS / "reference/settings.md").read_text()
    first_cells = re.findall(r"^\| (`[A-Z].*?) \|", page, re.MULTILINE)
    described = [name for cell in first_cells for name in INLINE.findall(cell)]
    assert sorted(described) == sorted(variables_read())


COMMANDS_PAGE = DOCS / "reference/commands.md"


def arguments() -> dict[str, list[argparse.Action]]:
    """Every command that is shown, with what may follow it."""
    [subcommands] = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return {
        name: [a for a in own._actions if a.help != argparse.SUPPRESS and a.dest != "help"]
        for name, own in subcommands.choices.items()
        if COMMANDS[name][1] is not None
    }


def described_commands() -> dict[str, str]:
    """The part of the page of commands that speaks of each."""
    parts = re.split(r"^## \./jingwei (\w+)", COMMANDS_PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_is_described_with_every_option_it_has() -> None:
    options = {name: sorted(o for a in of for o in a.option_strings) for name, of in arguments().items()}
    described = {
        name: sorted(re.findall(r"^\| `(--[a-z-]+)", part, re.M)) for name, part in described_commands().items()
    }
    assert described == options


@each_document
def test_every_command_in_an_example_is_one_that_the_program_knows(document: Path) -> None:
    known = arguments()
    wrong = []
    for line in commands_in(document):
        words = line.split()[1:]
        if words and re.fullmatch(r"[a-z]+", words[0]):
            options = {o for a in known.get(words[0], []) for o in a.option_strings} | {"--help"}
            hands_on = words[0] == "bench"  # what follows it, the measurement itself understands
            if words[0] not in known or (not hands_on and {w for w in words if w.startswith("--")} - options):
                wrong.append(line)
    assert wrong == []


def in_code(heading: str = "") -> set[str]:
    """The names in code that the glossary explains, in all tables or below one heading."""
    text = (DOCS / "glossary.md").read_text()
    if heading:
        text = next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if part.startswith(heading))
    return set(INLINE.findall(text))


@pytest.mark.parametrize("kind", ["incident", "assistance"])
def test_the_glossary_explains_every_stage_step_and_clock(kind: str) -> None:
    declared = kind_named(kind)
    assert {*declared.stages, *declared.steps, *declared.clocks} - in_code() == set()


def test_the_glossary_explains_every_role_clock_and_motion() -> None:
    assert {role.value for role in Role} - in_code("Who") == set()
    assert {clock.value for clock in Clock} - in_code("Clocks") == set()
    assert set(SORTS) - in_code("Beside the steps") == set()


def test_no_decision_is_longer_than_a_page() -> None:
    lengths = {named(page): len(page.read_text().split()) for page in (DOCS / "decisions").glob("*.md")}
    assert {page: words for page, words in lengths.items() if words > 550} == {}


def test_every_key_of_the_desk_is_told() -> None:
    told = set(re.findall(r"^\| `(\w)` \|", (DOCS / "how/keyboard.md").read_text(), re.MULTILINE))
    steps = [step for kind in ("incident", "assistance") for step in kind_named(kind).steps.values()]
    keys = {offered.key.removeprefix("Key") for offered in [*steps, *OPERATIONS.values(), COMMENT] if offered.key}
    assert keys - told == set()
