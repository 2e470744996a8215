"""The reading page in a real Chromium: what one clicks, types and sees, and what it asks of the network."""

import json
import struct
import zlib
from hashlib import sha256

import pytest
from report_support import ROOT, five_articles, gold_with_links, hostile, make_page, predictions_file

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.schema.files import read_bytes, write_atomic

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
VIEWS = ("articles", "across", "leaderboard", "agreement")
BOARD = ROOT / "eval/results/leaderboard.json"
AXE = ROOT / "tests/axe/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The five articles with made-up links, a system, the leaderboard and no rounds."""
    folder = tmp_path_factory.mktemp("report")
    gold = gold_with_links()
    corpus = five_articles(folder / "corpus", gold.links)
    layers = predict(BASELINES["entities-rules"].factory(), gold.documents.values())
    found = predictions_file(folder / "rules.jsonl", layers)
    path = folder / "report.html"
    make_page(path, "--corpus", corpus, "--predictions", found, "--leaderboard", BOARD)
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The checkout's own page, with its links, leaderboard and rounds."""
    path = tmp_path_factory.mktemp("own") / "report.html"
    make_page(path, "--corpus", ROOT / "annotations", "--leaderboard", BOARD)
    return path


class Reader:
    """Somebody who reads the page; what it complains of and asks for is kept."""

    def __init__(self, running, path, size=DESKTOP, **context):
        self.path = path
        self.context = running.new_context(viewport=size, **context)
        self.page = self.context.new_page()
        self.complaints = []
        self.requests = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def go(self, address=""):
        """Open the page anew at an address, and wait until it has stopped moving."""
        self.page.goto("about:blank")
        self.page.goto(self.path.as_uri() + address)
        self.page.wait_for_timeout(150)
        return self.page

    def said(self):
        """What the details beside the text say."""
        return self.page.locator(".panel .said").inner_text()

    def in_sight(self, selector):
        """Whether an element stands in the window, under neither bar nor details."""
        return self.page.evaluate(
            """selector => {
              const place = document.querySelector(selector).getBoundingClientRect();
              const middle = [place.left + Math.min(place.width / 2, 20), place.top + place.height / 2];
              const there = document.elementFromPoint(...middle);
              return Boolean(there && there.closest(selector));
            }""",
            selector,
        )


@pytest.fixture
def reader(chromium_running, report):
    opened = []

    def read(path=report, size=DESKTOP, **context):
        opened.append(Reader(chromium_running, path, size, **context))
        return opened[-1]

    yield read
    for each in opened:
        each.context.close()
        asked = {url for url in each.requests if not url.startswith(("about:", "data:"))}
        assert {url.split("#")[0] for url in asked} <= {each.path.as_uri()}
        assert each.complaints == []


def test_layers_are_switched_on_and_off(reader):
    here = reader()
    page = here.go("#lenta")
    style = "getComputedStyle(document.querySelector('#lenta .s.mP')).getPropertyValue('--m')"
    button = page.get_by_role("button", name="Entities")
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate(style) != "none"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate(style) == "none"
    # What is off is not spoken of either.
    page.locator("#lenta .s.mP").first.hover()
    assert "entity" not in here.said()
    button.click()
    page.locator("#lenta .s.mP").first.hover()
    assert "entity m1" in here.said()
    assert "Vladimir Putin" in here.said()


def test_pointing_at_nested_quotes_tells_of_all_of_them_innermost_first(reader):
    here = reader()
    page = here.go("#ist")
    layer = load_gold()["ist"]
    inner = next(q for q in layer.quotes if q.within)
    page.locator(f'#ist .g [data-i~="ist-{inner.id}"]').last.hover()
    said = here.said()
    assert said.index(f"quote {inner.id}") < said.index(
        f"quote {inner.within}", said.index(f"#ist-{inner.id}")
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("address", ["lenta-q7", "lenta-m12", "ist-c3", "sputnik-q33"])
def test_a_deep_link_opens_the_article_at_the_item_and_its_details(reader, size, address):
    here = reader(size=size)
    page = here.go(f"#{address}")
    article, item = address.split("-")
    assert page.locator(f"#{article}").is_visible()
    assert page.locator(".article:visible").count() == 1
    assert here.in_sight(f'[data-i~="{address}"]')
    assert here.said().split("#")[0].strip().endswith(item)
    assert page.evaluate("document.activeElement.id") == address
    assert page.locator(f'#{article} .on[data-i~="{address}"]').count() >= 1


def test_a_deep_link_switches_its_layer_on(reader):
    here = reader()
    page = here.go("#lenta")
    page.get_by_role("button", name="Quotes").click()
    page.evaluate("location.hash = '#japantimes-q13'")
    page.wait_for_function("document.activeElement.id === 'japantimes-q13'")
    assert page.get_by_role("button", name="Quotes").get_attribute("aria-pressed") == "true"
    assert "Kim Jong Un" in here.said()
    assert here.in_sight('[data-i~="japantimes-q13"]')


def test_a_link_into_another_section_opens_it_and_the_fold(reader):
    here = reader()
    page = here.go("#g1")
    assert page.locator("#across").is_visible() and page.locator("#articles").is_hidden()
    assert page.locator("#g1").evaluate("fold => fold.open")
    page.locator("#g1 a").first.click()
    page.wait_for_function("document.activeElement.id === 'lenta-c3'")
    assert page.locator("#articles").is_visible()
    page.go_back()
    page.wait_for_function("!document.getElementById('across').hidden")


def test_an_address_that_names_nothing_shows_the_articles(reader):
    page = reader().go("#%E0%A4%A-nothing")
    assert page.locator("#articles").is_visible()


def test_everything_in_a_text_can_be_reached_by_keyboard(reader):
    here = reader()
    page = here.go("#sputnik")
    page.locator('.tabs a[href="#sputnik"]').focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('h')"):
            break
    layer = load_gold()["sputnik"]
    visited = []
    for _ in range(12):
        visited.append(page.evaluate("document.activeElement.id"))
        page.keyboard.press("ArrowRight")
    assert {name.split("-")[0] for name in visited} == {"sputnik"}
    assert len(set(visited)) == 12
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.id")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.id") == visited[0]
    count = page.evaluate("document.querySelectorAll('#sputnik .g .h').length")
    assert count == sum(len(part) for part in (layer.mentions, layer.quotes, layer.marks, layer.claims))
    assert page.evaluate("[...document.querySelectorAll('#sputnik .g .h')].pop().id") == last
    page.evaluate("document.getElementById('sputnik-q2').focus()")
    assert "speaker" in here.said() and "Kim Jong Un" in here.said()
    page.keyboard.press("Escape")
    assert "Kim Jong Un" not in here.said()
    # Tab leaves the text at once.
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.classList.contains('h')")


def test_claimers_are_told_by_keyboard_too(reader):
    here = reader()
    page = here.go("#lenta")
    page.evaluate("document.getElementById('lenta-c3').focus()")
    assert "claimer" in here.said() and "the article itself" in here.said()


def test_predictions_stand_beside_gold_with_hits_misses_and_spurious_marked(reader):
    here = reader()
    page = here.go("#lenta")
    assert page.locator("#lenta .y").first.is_hidden()
    page.get_by_label("Beside gold").select_option("entities-rules")
    assert page.locator("#lenta .y").first.is_visible()
    gold, found = (page.locator(f"#lenta .{column}").nth(1).bounding_box() for column in "gy")
    assert gold["y"] == found["y"] and gold["x"] < found["x"]
    row = page.locator("#lenta .tally:visible tbody tr").first.inner_text().split()
    assert row[0] == "entities" and all(int(n) > 0 for n in row[1:])
    missed, spurious = (page.locator(f"#lenta .{column} .s.mx") for column in "gy")
    assert missed.count() >= int(row[3]) and spurious.count() >= int(row[4])
    spurious.first.hover()
    assert "spurious" in here.said()
    missed.first.hover()
    assert "missed" in here.said()
    page.get_by_label("Beside gold").select_option("nothing")
    assert page.locator("#lenta .g .s.mx").count() == 0
    assert page.locator("#lenta .y").first.is_hidden()


def test_an_address_in_a_systems_text_opens_its_column(reader):
    here = reader()
    page = here.go("#entities-rules-lenta-m3")
    assert page.get_by_label("Beside gold").input_value() == "1"
    assert "against gold" in here.said()
    assert here.in_sight('[data-i~="entities-rules-lenta-m3"]')


def test_rows_of_the_matrix_and_cards_can_be_sifted(reader):
    page = reader().go("#matrix")
    rows = page.locator(".matrix tbody tr:visible")
    assert rows.count() == 1
    page.get_by_role("button", name="disputed").click()
    assert rows.count() == 3
    page.get_by_role("button", name="all").click()
    assert rows.count() == sum(len(layer.claims) for layer in load_gold().values()) - 1
    page.get_by_label("Find").fill("nearly FOUR")
    assert rows.count() == 1
    assert page.locator("#propositions .card:visible").count() >= 1


def test_the_two_sides_of_a_difference_light_up_together(reader):
    page = reader().go("#u1")
    page.locator("#u1 .diffs li").first.hover()
    assert page.locator("#u1 .df.on").all_inner_texts() == ["gave birth to", "produced"]


@pytest.mark.parametrize("view", VIEWS)
def test_no_section_is_wider_than_a_phone(reader, own, view):
    for path in (None, own):
        here = reader(size=PHONE) if path is None else reader(path, PHONE)
        page = here.go(f"#{view}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        if view == "articles":
            for tab in page.locator(".tabs a").all():
                tab.click()
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        size = page.locator(f"#{view}").evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
        assert size >= 16


def test_beside_gold_fits_a_phone(reader):
    page = reader(size=PHONE).go("#lenta")
    page.get_by_label("Beside gold").select_option("entities-rules")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#lenta .y .who").first.is_visible()


def test_details_on_a_phone_can_be_closed(reader):
    here = reader(size=PHONE)
    page = here.go("#lenta-q7")
    page.get_by_role("button", name="Close the details").click()
    assert page.locator(".panel").is_hidden()


def test_markup_in_an_article_runs_nowhere(reader, tmp_path):
    path = tmp_path / "report.html"
    make_page(path, "--corpus", hostile(tmp_path))
    here = reader(path)
    page = here.go("#bad-q1")
    assert '<script>alert(1)</script> and "><img src=x onerror=alert(2)>' in page.locator("#bad").inner_text()
    assert page.locator("#bad img, #bad script").count() == 0
    assert "<img src=x onerror=n()>" in here.said()
    page.evaluate("document.getElementById('bad-c1').focus()")
    assert "</script><script>p()</script>" in here.said()


def test_without_javascript_everything_can_be_read(reader):
    page = reader(java_script_enabled=False).go()
    assert page.locator(".article:visible").count() == 5
    assert page.locator("#leaderboard").is_visible()


def test_a_print_has_all_articles_and_no_buttons(reader):
    page = reader().go("#lenta")
    page.emulate_media(media="print")
    assert page.locator(".article:visible").count() == 5
    assert page.locator(".toggles button:visible, .panel:visible, .views:visible").count() == 0


@pytest.fixture(scope="module")
def axe():
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make axe; needs npm)")
    return AXE.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_serious_violation(reader, own, axe, view, size, scheme):
    for path in (None, own):
        settings = {"color_scheme": scheme, "bypass_csp": True}
        here = reader(size=size, **settings) if path is None else reader(path, size, **settings)
        page = here.go(f"#{view}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        if view == "articles":
            page.evaluate("document.getElementById('lenta-q7').focus()")
            if path is None:
                page.get_by_label("Beside gold").select_option("entities-rules")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            (v["id"], v["impact"], [n["html"][:120] for n in v["nodes"][:3]])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], json.dumps(serious, indent=1)
        assert found["testEngine"]["version"] == "4.14.1"


def test_errors_are_sifted_by_category_and_article_and_lead_to_their_places(reader):
    here = reader()
    page = here.go("#errors")
    places = page.locator(".wrong > li:visible")
    every = places.count()
    button = page.get_by_role("button", name="merged", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    merged = places.count()
    assert 0 < merged < every
    assert {place.get_attribute("data-c") for place in places.all()} == {"entities:merged"}
    assert (
        page.get_by_role("status").inner_text()
        == f"{merged} of {every} places with errors · entities: merged"
    )
    page.locator(".in:visible").select_option("lenta")
    assert {place.get_attribute("data-a") for place in places.all()} == {"lenta"}
    # The predicted item's own address: the article, with the system beside gold.
    link = places.first.get_by_role("link", name="predicted").first
    address = link.get_attribute("href")
    link.click()
    page.wait_for_timeout(150)
    assert here.in_sight(f'[data-i~="{address[1:]}"]')
    assert page.get_by_label("Beside gold").input_value() == "1"
    page.go_back()
    page.get_by_role("button", name="Show all").click()
    assert places.count() == every


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop-dark", "phone-light"]
)
def test_errors_fit_the_window_and_axe_finds_no_serious_violation(reader, axe, size, scheme):
    page = reader(size=size, color_scheme=scheme, bypass_csp=True).go("#errors")
    page.get_by_role("button", name="split", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [v for v in found["violations"] if v["impact"] in ("serious", "critical")] == []


PICTURE = {"width": 1280, "height": 1000}


def test_the_readmes_picture_is_the_pages(reader, own):
    """Taken anew on each run; the file is written only if what it shows is no longer what it was taken of."""
    here = reader(own, PICTURE)
    page = here.go("#agencies-q1")
    page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)
    taken = page.screenshot()
    shown = page.evaluate(
        "['style', 'header', '.views', '.bar', '#agencies', '.panel']"
        ".map(part => document.querySelector(part).outerHTML).join('')"
    )
    path = ROOT / "docs/report.png"
    words = f"page {sha256(shown.encode()).hexdigest()}"
    if not path.is_file() or words.encode() not in read_bytes(path):
        write_atomic(path, _with_text(taken, words))
    assert "docs/report.png" in (ROOT / "README.md").read_text()
    assert struct.unpack(">II", read_bytes(path)[16:24]) == (PICTURE["width"], PICTURE["height"])


def _with_text(png, words):
    """A PNG with a text chunk (PNG specification, 11.3.4.3) before its end."""
    data = b"Comment\0" + words.encode("latin-1")
    chunk = struct.pack(">I", len(data)) + b"tEXt" + data + struct.pack(">I", zlib.crc32(b"tEXt" + data))
    end = png.rindex(b"IEND") - 4
    return png[:end] + chunk + png[end:]
