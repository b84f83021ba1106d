"""A walk through every page of the app, in a browser: for the tests, and for the pictures that people look at."""

from collections.abc import Iterator

from trabecula.words.language import SOURCE, language

FORM_PAGES = ("form.step.ms", "page.steroids", "form.step.bones", "form.step.life")
EXAMPLE = "web.example.woman_of_44"

_LISTEN = """() => {
    if (window.chosen) return;
    const sent = new WeakMap();
    window.chosen = () => new URLSearchParams([...new FormData(document.getElementById("page"))]
        .filter(([name]) => name !== "state")).toString();
    document.body.addEventListener("htmx:beforeSend", event => sent.set(event.detail.xhr, window.chosen()));
    document.body.addEventListener("htmx:afterSettle", event => { window.answered = sent.get(event.detail.xhr) });
}"""
"""Writes down which choice the answer in the page is to: not the bytes that arrived, but what stands there."""
_WAIT = """async () => {
    for (const end = Date.now() + 120000; Date.now() < end; await new Promise(done => setTimeout(done, 20)))
        if (window.answered === window.chosen()) return true;
    return false;
}"""


class Walker:
    """Somebody who reads one language and presses what is written on the buttons."""

    def __init__(self, window, code: str = SOURCE) -> None:
        self.window, self.code, self.words = window, code, language(code)

    def open(self, path: str) -> None:
        """Asks for a page in the language."""
        self.window.goto(path if self.code == SOURCE else f"{path}?lang={self.code}")

    def press(self, id: str) -> None:
        """Presses the button that bears a text."""
        press(self.window, self.words.text(id))

    def choose(self, id: str, plan: str) -> None:
        """Chooses something in the panel."""
        choose(self.window, self.words.text(id), plan)

    def pages(self) -> Iterator[str]:
        """Opens page after page; the name says which one is open."""
        self.open("/")
        yield "start"
        self.open("/nothing")
        yield "not-found"
        for name in ("about", "learn", "learn/steroids"):
            self.open(f"/{name}")
            yield name.replace("/", "-")
        self.open("/form")
        yield "form-1"
        self.press("web.continue")
        yield "form-problems"
        self.open("/")
        self.window.set_input_files("input[type=file]", {"name": "a.yaml", "mimeType": "text/yaml", "buffer": b"!!x"})
        self.press("web.open")
        yield "file-refused"
        yield from self.after_an_example()

    def after_an_example(self) -> Iterator[str]:
        """The answer in its parts, and the form behind it."""
        self.open("/")
        self.press(EXAMPLE)
        yield "answer-clinician"
        self.press("web.causes.show")
        yield "answer-causes"
        self.press("web.for_the_person")
        yield "answer-person"
        yield from self.choices()
        self.press("web.change_the_entries")
        yield "review"
        for number, id in enumerate(FORM_PAGES, start=2):
            self.press(id)
            yield f"form-{number}"

    def choices(self) -> Iterator[str]:
        """The panel of choices: empty, with one, with two beside each other."""
        self.press("page.what_would_change_it")
        yield "what-if"
        self.choose("web.whatif.training", "exercise")
        yield "what-if-answered"
        self.press("web.keep_to_compare")
        self.choose("web.whatif.medicine", "zoledronate")
        yield "what-if-compared"


def press(window, name: str) -> None:
    """Presses a button that leads to another page, and waits for it."""
    with window.expect_navigation():
        window.get_by_role("button", name=name).last.click()


def choose(window, question: str, plan: str) -> None:
    """Chooses something in the panel, and waits for the answer that comes by itself."""
    listen(window)
    window.get_by_label(question, exact=True).select_option(plan)
    wait_for_answer(window)
    window.locator("#w-answer figure").first.wait_for()


def listen(window) -> None:
    """From here on the page knows which choice its answer is to; call it before the choice."""
    window.evaluate(_LISTEN)


def wait_for_answer(window) -> None:
    """Waits until the answer in the page is to what is chosen now, however long it takes to be asked for."""
    assert window.evaluate(_WAIT), "the panel never answered"
