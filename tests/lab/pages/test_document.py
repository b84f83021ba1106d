import re

from trabecula.drawing.page import Item, Items, Paragraph
from trabecula.lab.pages.document import Document, Heading, document_html, document_markdown, plain, slug


def test_links_of_markdown_lead_to_its_headings(page, markdown):
    """As GitHub names them."""
    anchors = {slug(each.text) for each in page.headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", markdown)) <= anchors


def test_pictures_of_markdown_are_the_files_beside_it(page, markdown):
    """Each with what it shows."""
    assert re.findall(r"!\[[^\]]+\]\(([^)]+)\)", markdown) == [each.file for each in page.pictures]


TRICKS = "a <b> & `code` [x](y) *z* | \x1b"


def test_nothing_in_a_study_becomes_markup():
    """Words of a record are words on the page."""
    parts = (Heading(2, "<Here>", "here"), Paragraph(plain(TRICKS)), Items((Item("", plain(TRICKS)),)))
    document = Document("<Title>", parts)
    assert "<b>" not in document_html(document, "")
    assert '<h2 id="here">&lt;Here&gt;</h2>' in document_html(document, "")
    assert "a \\<b> & code x (y) z \\|" in document_markdown(document, "")


def test_code_weight_and_links_are_written_in_both_formats():
    """The three marks that text of ours may have."""
    text = Paragraph("**bold** and `a_b` and [there](#x-y)")
    document = Document("Title", (Heading(2, "X: y!", "x-y"), text))
    assert '<strong>bold</strong> and <code>a_b</code> and <a href="#x-y">there</a>' in document_html(document, "")
    assert "**bold** and `a_b` and [there](#x-y)" in document_markdown(document, "")
