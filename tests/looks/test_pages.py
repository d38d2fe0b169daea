"""Frames and components: switches, escaping, weight, and nothing the policy on content forbids."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

from jingwei.looks import vendor

TEMPLATES = sorted((vendor.ROOT / "src" / "jingwei").rglob("templates/**/*.html"))
STYLES = sorted((vendor.ROOT / "src/jingwei/looks/static/looks").glob("*.css"))
PAGES = ["report", "progress", "split", "desk", "sign_in", "sheet"]


def draw(source: str, **said: object) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    html: str = engine.from_string(CottonCompiler().process(source)).render(Context(said))
    return html


@pytest.fixture
def browser(gallery_settings: None) -> Client:
    return Client()


def test_chinese_is_spoken_whatever_the_browser_asks_for(browser: Client) -> None:
    answer = browser.get("/report/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans" data-size="standard">' in answer.text
    assert "随手报" in answer.text


def test_english_is_spoken_to_those_who_switch(browser: Client) -> None:
    answer = browser.post("/language/", {"language": "en", "next": "/report/?wrong=1"}, follow=True)
    assert answer.redirect_chain == [("/report/?wrong=1", 302)]
    assert '<html lang="en"' in answer.text
    assert "Report a problem" in answer.text


def test_large_type_stays_once_chosen(browser: Client) -> None:
    answer = browser.post("/size/", {"size": "elder", "next": "/report/"}, follow=True)
    assert 'data-size="elder"' in answer.text
    assert 'data-size="elder"' in browser.get("/progress/").text


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", ""])
def test_a_switch_never_leads_to_a_stranger(browser: Client, elsewhere: str) -> None:
    assert browser.post("/size/", {"size": "elder", "next": elsewhere}).headers["Location"] == "/"


def test_a_switch_is_not_thrown_by_a_link(browser: Client) -> None:
    assert browser.get("/size/").status_code == 405


def test_the_residents_first_page_weighs_at_most_20_kb(browser: Client) -> None:
    html = browser.get("/report/").content
    fetched = [Path(str(finders.find(f))) for f in re.findall(r"/static/([\w./-]+)", html.decode())]
    assert sorted(f.name for f in fetched) == ["core.css", "mark.svg", "photographs.js", "resident.css", "resident.js"]
    weight = len(html) + sum(len(gzip.compress(f.read_bytes())) for f in fetched)
    assert weight <= 20 * 1024


@pytest.mark.parametrize("page", PAGES)
def test_no_element_carries_style_or_script_of_its_own(browser: Client, page: str) -> None:
    html = browser.get(f"/{page}/").text
    assert re.findall(r'<[^>]*\s(?:style|on\w+)="|<style|<script(?! defer src=)', html) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_no_component_prints_its_attributes_unescaped(template: Path) -> None:
    assert re.findall(r"{{\s*attrs\s*}}", template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("style", STYLES, ids=lambda s: s.name)
def test_old_telephones_understand_every_rule(style: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r":has\(|:is\(|:where\(|@layer|@container|\binset:|[\s;{]gap:|\ddvh|\bcolor-mix", text) == []


def test_a_residents_words_cannot_leave_their_attribute() -> None:
    words = '"><script>alert(1)</script>'
    html = draw('<c-field name="words" label="x" :placeholder="words" :value="words" :error="words" />', words=words)
    assert "<script>" not in html
    assert 'placeholder="&quot;&gt;&lt;script&gt;' in html


def test_a_field_names_its_error_and_its_hint() -> None:
    html = draw(
        '<c-field name="phone" label="Telephone" hint="Eleven digits" error="Too short" value="{{ v }}" />',
        v=0,
    )
    assert 'aria-describedby="id_phone_hint id_phone_error"' in html
    assert 'value="0"' in html
    assert 'aria-invalid="true"' in html


def test_a_select_knows_its_value_as_a_number_or_as_words() -> None:
    html = draw(
        '<c-field name="a" label="A" type="select" :options="o" :value="v" />',
        o=[(1, "one"), (2, "two")],
        v="2",
    )
    assert html.count(" selected") == 1
    assert '<option value="2" selected>two</option>' in html


def test_a_component_inside_another_does_not_inherit_its_attributes() -> None:
    html = draw('<c-act label="Send" icon="send" key="KeyA" kind="primary"><c-button>Go</c-button></c-act>')
    assert html.count('data-key="KeyA"') == 1
    assert '<button type="submit" class="btn">Go</button>' in html


def test_an_empty_summary_is_not_shown() -> None:
    assert draw("<c-errors :list='[]' />").strip() == ""
