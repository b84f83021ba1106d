"""Pictures of the pages as people see them: on a desk, on a phone, in the dark, on paper.

    .venv/bin/python scripts/make_screenshots.py [FOLDER]

The reports of the examples go to FOLDER/reports (screenshots/reports unless told otherwise), nothing is kept in the
repository. Needs the extra `dev` and Chromium. Whoever looks at them says in the session's note what was changed.
"""

import subprocess
import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, sync_playwright

from trabecula.reporting import articles, html

ROOT = Path(__file__).parents[1]
EXAMPLES = ("ms_woman_44", "ms_man_58", "ms_woman_67")
LANGUAGE_OF = {"ms_woman_44": "en", "ms_man_58": "de", "ms_woman_67": "it"}
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}
WAYS = {
    "desk": {"viewport": DESK},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE},
    "forced": {"viewport": DESK, "forced_colors": "active"},
}


def write_pages(folder: Path) -> list[Path]:
    """Every page as a file: reports of the examples, the articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXAMPLES:
        for options in (["--language", LANGUAGE_OF[name]], ["--interactive"]):
            target = folder / f"{name}{'-choices' if options == ['--interactive'] else ''}.html"
            record = str(ROOT / "examples" / f"{name}.yaml")
            command = [sys.executable, "-m", "trabecula.cli", "report", record, "-o", str(target), *options]
            subprocess.run(command, check=True)
    for name in (*articles.NAMES, articles.ABOUT):
        (folder / f"{name}.html").write_text(html.page_article(name), encoding="utf-8")
    (folder / "learn.html").write_text(html.page_learn(), encoding="utf-8")
    return sorted(folder.glob("*.html"))


def take(browser: Browser, page: Path) -> None:
    """A page in each way, and as it is printed."""
    for way, how in WAYS.items():
        context = browser.new_context(**how)
        shown = context.new_page()
        shown.goto(page.as_uri())
        shown.screenshot(path=page.with_name(f"{page.stem}-{way}.png"), full_page=True)
        if way == "desk":
            shown.pdf(path=page.with_suffix(".pdf"), prefer_css_page_size=True)
        context.close()


def main() -> None:
    """Write the pages, then take the pictures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots") / "reports"
    pages = write_pages(folder.resolve())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        for page in pages:
            take(browser, page)
        browser.close()
    print(f"{len(pages)} pages in {folder}")


if __name__ == "__main__":
    main()
