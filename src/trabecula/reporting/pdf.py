"""A page as PDF: tagged for screen readers (PDF/UA-1), fonts inside, the same bytes for the same page.

Needs WeasyPrint (`pip install "trabecula[report]"`). Nothing is fetched: what a page needs it holds already.
"""

import hashlib


def to_pdf(html: str) -> bytes:
    """The page as PDF."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    identifier = hashlib.sha256(html.encode()).digest()[:16]  # bytes of an identifier
    pdf = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    assert pdf is not None, "a page without a target comes back"
    return pdf
