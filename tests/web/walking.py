"""A walk through every page of the app, in a browser: for the tests, and for the pictures that people look at."""

from collections.abc import Iterator

FORM_PAGES = ("Multiple sclerosis", "Steroids", "DXA scans, fractures, falls", "Activity, medicines and health")


def press(window, name: str) -> None:
    """Presses a button that leads to another page, and waits for it."""
    with window.expect_navigation():
        window.get_by_role("button", name=name).last.click()


def every_page(window) -> Iterator[str]:
    """Opens page after page; the name says which one is open."""
    window.goto("/")
    yield "start"
    window.goto("/nothing")
    yield "not-found"
    for name in ("about", "learn", "learn/steroids"):
        window.goto(f"/{name}")
        yield name.replace("/", "-")
    window.goto("/form")
    yield "form-1"
    press(window, "Continue")
    yield "form-problems"
    window.goto("/")
    window.set_input_files("input[type=file]", {"name": "a.yaml", "mimeType": "text/yaml", "buffer": b"!!x"})
    press(window, "Open")
    yield "file-refused"
    yield from after_an_example(window)


def after_an_example(window) -> Iterator[str]:
    """The answer in its parts, and the form behind it."""
    window.goto("/")
    press(window, "Woman of 44")
    yield "answer-clinician"
    press(window, "Calculate contributions")
    yield "answer-causes"
    press(window, "For the patient")
    yield "answer-person"
    yield from choices(window)
    press(window, "Edit entries")
    yield "review"
    for number, name in enumerate(FORM_PAGES, start=2):
        press(window, name)
        yield f"form-{number}"


def choices(window) -> Iterator[str]:
    """The panel of choices: empty, with one, with two beside each other."""
    press(window, "What would change it?")
    yield "what-if"
    choose(window, "Training", "exercise")
    yield "what-if-answered"
    press(window, "Add to comparison")
    choose(window, "Bone medicine", "zoledronate")
    yield "what-if-compared"


def choose(window, question: str, plan: str) -> None:
    """Chooses something in the panel, and waits for the answer that comes by itself.

    The answer to the choice before stands there until the new one is in the page,
    so it is the change of the page that is waited for, not the arrival of the bytes.
    """
    window.evaluate("""() => { window.answered = new Promise(done =>
        document.body.addEventListener("htmx:afterSettle", () => done(true), {once: true})) }""")
    window.get_by_label(question, exact=True).select_option(plan)
    assert window.evaluate("window.answered")
    window.locator("#w-answer figure").first.wait_for()
