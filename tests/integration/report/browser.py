"""Opens the report page in Chromium and checks what a user sees.

    browser.py CHROMIUM REPORTS SCREENS NUMBERS

REPORTS has the reports "all" and "few"; NUMBERS is what report_write printed for the first. The first failed check ends the program.
"""

import json
import os
import pathlib
import sys

import axe_playwright_python
from playwright.sync_api import expect, sync_playwright

AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TIMEOUT = 30_000  # milliseconds, of every wait

chromium, reports, screens, numbers = sys.argv[1:]
screens = pathlib.Path(screens)
numbers = json.loads(numbers)


def check(condition, words):
    if not condition:
        sys.exit(f"FAILED: {words}")


def address(report):
    return (pathlib.Path(reports) / report / "index.html").resolve().as_uri()


class Opened:
    """The page in a fresh context. Records what it says on the console and what it requests."""

    def __init__(self, browser, report, **context):
        self.context = browser.new_context(**context)
        self.context.set_default_timeout(TIMEOUT)
        self.messages, self.requests = [], []
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address(report))
        expect(self.page.locator("#count")).not_to_be_empty()

    def shot(self, name, full=False):
        self.page.screenshot(path=screens / f"{name}.png", full_page=full)

    def close(self):
        check(self.messages == [], f"no message on the console, seen: {self.messages}")
        own = [url for url in self.requests if url.startswith("file:") and url.split("#")[0].endswith("/index.html")]
        check(self.requests == own, f"no request but the page's own, seen: {self.requests}")
        self.context.close()


def axe(page, words):
    """The rules of axe-core: WCAG 2.1 A and AA, and its best practices. Returns those that found no fault."""
    page.evaluate(AXE)
    found = page.evaluate(
        """async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
          const result = await axe.run(document, {runOnly: tags});
          const brief = (rule) => ({id: rule.id, help: rule.help,
            nodes: rule.nodes.slice(0, 3).map((node) => [node.html.slice(0, 200), node.failureSummary])});
          return {violations: result.violations.map(brief), passes: result.passes.map((rule) => rule.id)};
        }"""
    )
    check(not found["violations"], f"{words}: no finding of axe, seen: {json.dumps(found['violations'], indent=1)}")
    check("color-contrast" in found["passes"], f"{words}: axe to have looked at contrasts")
    return found["passes"]


def await_count(page, text):
    expect(page.locator("#count")).to_have_text(text)


def visible_scenarios(page):
    return page.locator(".scenario:visible h3").all_text_contents()


def clicks_through(browser):
    opened = Opened(browser, "all", viewport={"width": 1280, "height": 900})
    page = opened.page
    scenarios, shoulds = numbers["scenarios"], numbers["shoulds"]
    everything = f"{scenarios} of {scenarios} scenarios, {shoulds} of {shoulds} shoulds"
    check(shoulds >= 1000, "a thousand shoulds")
    await_count(page, everything)
    expect(page.get_by_role("heading", level=1)).to_have_text("labctl test: not passed")

    # The keyboard: its first stop leads past the overview.
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the scenarios")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scenarios", exact=True)).to_be_in_viewport()

    # A red scenario is open with its evidence, its passed shoulds are folded; a green one is closed.
    first = page.locator("#s1")
    check(first.get_attribute("open") is not None, "the red scenario to be open")
    expect(first.locator(".evidence").first).to_contain_text("its volume on core1 only")
    expect(first.locator(".evidence").first).to_contain_text("<script>")
    expect(first.locator(".attachment pre").first).to_be_visible()
    passed = first.locator(".fold .step").first
    expect(passed).to_be_hidden()
    first.locator(".fold > summary").click()
    expect(passed).to_be_visible()
    first.locator(".fold > summary").press("Enter")
    expect(passed).to_be_hidden()
    check(page.locator("#s10").get_attribute("open") is None, "the green scenario to be closed")

    # By verdict.
    failed = page.get_by_role("checkbox", name="failed", exact=True)
    failed.check()
    expect(page.locator(".step:visible")).to_have_count(numbers["failed_steps"])
    check(numbers["first"] in visible_scenarios(page), "the red scenario to be shown")
    check(len(visible_scenarios(page)) < 5, "the green scenarios to be hidden")
    page.get_by_role("checkbox", name="errored", exact=True).check()
    expect(page.locator(".step:visible")).to_have_count(numbers["failed_steps"] + numbers["errored_steps"])
    opened.shot("failed")
    page.get_by_role("button", name="Reset").click()
    await_count(page, everything)
    page.get_by_role("checkbox", name="not-run").check()
    expect(page.locator("#count")).to_contain_text(f" {numbers['not_run']} of {shoulds} shoulds")
    page.get_by_role("button", name="Reset").click()

    # By the change against a baseline.
    page.get_by_role("checkbox", name="known red").check()
    await_count(page, f"1 of {scenarios} scenarios, 1 of {shoulds} shoulds")
    check(visible_scenarios(page) == [numbers["known_red"]], "the known red alone")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("checkbox", name="mended").check()
    await_count(page, f"1 of {scenarios} scenarios, 1 of {shoulds} shoulds")
    check(visible_scenarios(page) == [numbers["mended"]], "the mended one alone")
    page.get_by_role("button", name="Reset").click()

    # By tag.
    page.get_by_label("Tag").select_option("migrate")
    expect(page.locator(".scenario:visible")).to_have_count(2)
    check(all("migrate" in name for name in visible_scenarios(page)), "the scenarios with that tag")
    page.get_by_role("button", name="Reset").click()

    # By text: what it finds is opened, and closed again.
    text = page.get_by_label("Text")
    text.fill("leave NO maintenance")
    expect(page.locator("#s1 .fold .step:visible")).to_have_count(1)
    for step in page.locator(".step:visible").all_text_contents():
        check("leave no maintenance" in step, f"only what was looked for, seen: {step}")
    opened.shot("text")
    text.fill("nothing has this text")
    await_count(page, f"0 of {scenarios} scenarios, 0 of {shoulds} shoulds")
    text.fill("")
    await_count(page, everything)
    check(page.locator("#s10").get_attribute("open") is None, "the green scenario to be closed again")
    expect(page.locator("#s1 .fold .step").first).to_be_hidden()

    # The timeline leads to a scenario.
    page.get_by_role("link", name="migrate: passed", exact=False).first.focus()
    page.keyboard.press("Enter")
    migrate = page.locator(".scenario", has=page.get_by_role("heading", name="migrate", exact=True))
    expect(migrate).to_have_attribute("open", "")
    expect(migrate).to_be_in_viewport()
    migrate.locator(".timeline").first.screenshot(path=screens / "scenario-timeline.png")

    # Everything at once: all steps are there, and those far from the screen are not laid out.
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("details:not([open])").locator("visible=true").locator(".step")).to_have_count(0)
    laid_out = page.evaluate(
        """() => [...document.querySelectorAll('.step')]
              .filter((step) => step.checkVisibility({contentVisibilityAuto: true})).length"""
    )
    check(0 < laid_out < shoulds / 4, f"only steps near the screen laid out, seen: {laid_out}")
    page.get_by_role("button", name="Close all").click()
    expect(page.locator(".step:visible")).to_have_count(0)
    opened.close()


def looks(browser, scheme):
    opened = Opened(browser, "all", viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    opened.shot(scheme)
    opened.page.evaluate("() => document.getElementById('scenarios').scrollIntoView()")
    opened.shot(f"{scheme}-scenarios")
    opened.close()


def is_accessible(browser, scheme):
    opened = Opened(browser, "few", viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    opened.page.get_by_role("button", name="Open all").click()
    rules = axe(opened.page, scheme)
    for rule in ("label", "select-name", "landmark-one-main", "region", "button-name", "link-name"):
        check(rule in rules, f"axe to have applied the rule {rule}")
    opened.shot(f"{scheme}-open", full=True)
    opened.close()


def narrow_and_printed(browser):
    opened = Opened(browser, "all", viewport={"width": 390, "height": 800})
    width = opened.page.evaluate("() => document.documentElement.scrollWidth")
    check(width <= 390, f"no horizontal scrolling on a small screen, seen: {width} pixels")
    opened.shot("narrow")
    opened.close()
    opened = Opened(browser, "all", viewport={"width": 1000, "height": 1400}, color_scheme="dark")
    opened.page.emulate_media(media="print")
    expect(opened.page.locator("#filter")).to_be_hidden()
    background = opened.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    check(background == "rgb(255, 255, 255)", f"white paper, seen: {background}")
    opened.shot("print")
    opened.close()


def without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address("all"))
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator("#s1 .evidence").first).to_be_visible()
    context.close()


with sync_playwright() as playwright:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
    expect.set_options(timeout=TIMEOUT)
    clicks_through(browser)
    for scheme in ("light", "dark"):
        looks(browser, scheme)
        is_accessible(browser, scheme)
    narrow_and_printed(browser)
    without_scripts(browser)
    browser.close()
print(f"screenshots in {screens}")
