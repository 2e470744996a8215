"""A person at Label Studio's screen: a real Chromium that reads, drags, clicks and types.

Places in the text are code points, as everywhere in this project.
"""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1500, "height": 950}
TEXT = ".lsf-htx-richtext"
SIDE = ".vostochny-side"

# The rectangles of the first and the last of some characters; scrolls to them first.
_RECTANGLES = """([start, end]) => {
  const root = document.querySelector('.lsf-htx-richtext');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const found = {};
  let count = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.ELEMENT_NODE) { if (node.tagName === 'BR') count++; continue; }
    let unit = 0;
    for (const character of node.data) {
      if (count === start) found.first = [node, unit, character.length];
      if (count === end - 1) found.last = [node, unit, character.length];
      count++;
      unit += character.length;
    }
  }
  found.first[0].parentElement.scrollIntoView({block: 'center'});
  const rectangle = ([node, unit, length]) => {
    const range = document.createRange();
    range.setStart(node, unit);
    range.setEnd(node, unit + length);
    const {left, right, top, bottom} = range.getClientRects()[0];
    return {left, right, top, bottom};
  };
  return [rectangle(found.first), rectangle(found.last)];
}"""


@contextmanager
def browser(chromium):
    """A running Chromium; the same for all persons of a test session."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield running
        running.close()


class Person:
    """Somebody with a browser profile of their own, at a server's address."""

    def __init__(self, running, url):
        self.url = url
        self.context = running.new_context(viewport=SIZE)
        self.page = self.context.new_page()
        self.errors = []
        """What the page complained of, but for files of Label Studio's own that are not there."""
        self.hosts = set()
        """Hosts that anything was asked of."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about"):
            self.hosts.add(parts.hostname)

    def leave(self):
        self.context.close()

    def sign_up(self, link, email, password):
        self.page.goto(link)
        self._fill_in(email, password)

    def log_in(self, email, password):
        self.page.goto(f"{self.url}/user/login/")
        self._fill_in(email, password)

    def _fill_in(self, email, password):
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "/user/" not in url)

    def open(self, task_page):
        """A task, ready to work on."""
        self.page.goto(task_page)
        self._ready()

    def _ready(self):
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector(f"{TEXT} .lsf-richtext__line, {TEXT} .htx-highlight")
        self.page.wait_for_function(
            "() => { const task = window.Htx?.annotationStore?.selected;"
            " return task && task.objects.every(object => object.isReady ?? true) }"
        )

    def drag(self, start, end):
        """Select a stretch of the text with the mouse."""
        first, last = self.page.evaluate(_RECTANGLES, [start, end])
        # Two that end at one place in no time are a double click, and the second takes the first's label.
        self.page.wait_for_timeout(500)
        mouse = self.page.mouse
        mouse.move(first["left"] + 0.5, _middle(first))
        mouse.down()
        mouse.move(last["right"] - 3, _middle(last), steps=3)
        mouse.move(last["right"] - 0.5, _middle(last))
        mouse.up()

    def click(self, place):
        """Click a character: the innermost region there is selected, or is an arrow's end."""
        first, _ = self.page.evaluate(_RECTANGLES, [place, place + 1])
        self.page.mouse.click((first["left"] + first["right"]) / 2, _middle(first))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def draw(self, key, start, end):
        """Label a stretch of the text by hotkey and mouse."""
        count = "Htx.annotationStore.selected.regionStore.regions.length"
        before = self.page.evaluate(count)
        self.press("Escape", key)
        self.drag(start, end)
        self.page.wait_for_function(f"before => {count} > before", arg=before)

    def select(self, place):
        """Select the innermost region at a place."""
        self.press("Escape")
        # After a drag over a line's end Label Studio takes no notice of one click.
        for _ in range(2):
            self.click(place)
            if self.page.evaluate("() => Boolean(Htx.annotationStore.selected.highlightedNode)"):
                return
        raise AssertionError(f"no region can be clicked at {place}")

    def relate(self, place, other):
        """Draw an arrow from the region at one place to that at another."""
        self.select(place)
        self.press("Alt+r")
        self.page.wait_for_function("() => Htx.annotationStore.selected.isLinkingMode")
        self.click(other)
        self.page.wait_for_function("() => !Htx.annotationStore.selected.isLinkingMode")

    def pick(self, label, words, nth=0):
        """Select a region in the list on the right, which has also those under others."""
        self.press("Escape")
        listed = self.page.locator(".lsf-outliner-item").filter(has_text=label).filter(has_text=words)
        self.page.locator(".lsf-tree-list-holder").hover()
        # Only those in sight are on the page.
        for step in (-100_000, *[200] * 200):
            if listed.count() > nth:
                break
            self.page.mouse.wheel(0, step)
            self.page.wait_for_timeout(50)
        listed.nth(nth).click()
        self.page.wait_for_function("() => Htx.annotationStore.selected.highlightedNode")

    def choose(self, heading, text):
        """Choose from the list under a heading: type into its search field, click what is found."""
        self._under(heading, "taxonomy").locator(".htx-taxonomy").click()
        dropdown = self.page.locator(".htx-taxonomy-dropdown:visible")
        dropdown.get_by_test_id("taxonomy-search").fill(text)
        entries = dropdown.locator(".ant-select-tree-title")
        entries.filter(has_not_text=text).first.wait_for(state="detached")
        entries.first.click()
        # Keys go to the search field until one clicks elsewhere.
        self._heading(heading).click()
        dropdown.wait_for(state="hidden")

    def tick(self, heading, value):
        """Tick a choice under a heading."""
        self._under(heading, "lsf-choices").locator(f"input[name='{value}']").click()

    def type(self, field, text):
        """Type into a text field beside the text, and leave it."""
        place = self.page.locator(f"{SIDE} [name={field}]:visible")
        place.fill(text)
        place.press("Shift+Enter" if place.evaluate("node => node.tagName") == "TEXTAREA" else "Enter")

    def _under(self, heading, kind):
        following = f"following-sibling::div[contains(concat(' ', @class, ' '), ' {kind} ')][1]"
        return self._heading(heading).locator(f"xpath={following}")

    def _heading(self, text):
        return (
            self.page.locator(f"{SIDE} h3:visible").filter(has_text=re.compile(f"^{re.escape(text)}")).first
        )

    def beside(self):
        """What stands beside the text just now."""
        return self.page.locator(SIDE).inner_text()

    def results(self):
        """What would be submitted now."""
        return self.page.evaluate("() => Htx.annotationStore.selected.serializeAnnotation()")

    def submit(self):
        """Submit, or update what was submitted before; done when the server has it."""
        with self.page.expect_response(_writes_annotation) as answer:
            self.page.locator(
                "[data-testid=bottombar-submit-button], [data-testid=bottombar-update-button]"
            ).click()
        assert answer.value.ok

    def skip(self, project_page):
        """Go through a project's tasks one after the other, and skip the first."""
        self.page.goto(f"{project_page}?labeling=1")
        self._ready()
        with self.page.expect_response(_writes_annotation) as answer:
            self.page.get_by_role("button", name="skip-task").click()
        assert answer.value.ok


def _middle(rectangle):
    return (rectangle["top"] + rectangle["bottom"]) / 2


def _writes_annotation(response):
    parts = urlsplit(response.url).path.strip("/").split("/")
    return "annotations" in parts and response.request.method in ("POST", "PATCH", "PUT")
