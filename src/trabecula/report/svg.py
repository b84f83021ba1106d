"""SVG as a page needs it: told in words, without ids that another picture has, without references outside."""

import re
from html import escape

_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_ID = re.compile(r'(?<=\bid=")([^"]+)(?=")|(?<=url\(#)([^)]+)(?=\))|(?<=href="#)([^"]+)(?=")')
_LONG = re.compile(r"\d+\.\d{3,}")
_FONT = re.compile(r"(font: (?:\w+ )?[\d.]+px) [^;\"]*")
_SIZE = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>')
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


def described(svg: str, name: str, title: str, description: str) -> str:
    """A picture with a title and a description; `name` sets its ids apart from those of other pictures."""
    bare = _COMMENT.sub("", _METADATA.sub("", _PROLOGUE.sub("", svg)))
    shorter = _LONG.sub(lambda number: f"{float(number[0]):.2f}", _FONT.sub(rf"\1 {FONTS}", bare))
    own = _ID.sub(lambda found: f"{name}-{found[0]}", shorter).replace("*{", f"#{name} *{{")
    words = (
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return _SIZE.sub(lambda found: _head(found[1], name) + words, own, count=1)


def _head(view: str, name: str) -> str:
    """The opening of a picture that screen readers take for one thing."""
    _, _, width, height = view.split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="{name}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" width="{width}pt" height="{height}pt" viewBox="{view}">'
    )
