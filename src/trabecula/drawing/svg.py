"""SVG as a page needs it: told in words, without ids that another picture has, without references outside."""

import re
from html import escape

FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>|\s*<!--.*?-->", re.DOTALL)
_OPENING = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>')
_FONT = re.compile(r"(font-family:|font: (?:\w+ )?[\d.]+px) [^;\"]*")
_TAG, _NUMBER = re.compile(r"<[^>]*>"), re.compile(r"\d+\.\d{3,}")
"""Coordinates stand in tags; between tags stand words, in which 1.000 may be a thousand."""
_IDLE = re.compile(r' transform="rotate\(-?0 [^"]*"|\s*<g\s*/>|\s*\n(?=[LMCQz"])|\n +(?=<)')
_ID = re.compile(r' id="([^"]+)"')
_REFERENCE = re.compile(r'(?<=url\(#)[^)]+|(?<=href="#)[^"]+')


def described(svg: str, name: str, title: str, description: str) -> str:
    """A picture with a title and a description; `name` sets its ids apart from those of other pictures."""
    bare = _METADATA.sub("", _PROLOGUE.sub("", svg))
    short = _TAG.sub(lambda tag: _NUMBER.sub(_rounded, tag[0]), _FONT.sub(rf"\1 {FONTS}", bare))
    own = _with_own_ids(_IDLE.sub("", short), name).replace("*{", f"#{name} *{{")
    words = f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>'
    return _OPENING.sub(lambda found: f"{_opening(found[1], name)}\n{words}", own, count=1)


def _rounded(number: re.Match[str]) -> str:
    """A coordinate to a hundredth of a point."""
    return f"{float(number[0]):.2f}"


def _with_own_ids(svg: str, name: str) -> str:
    """Only the ids that something refers to, with the name of the picture in front."""
    used = set(_REFERENCE.findall(svg))
    kept = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", svg)
    return _REFERENCE.sub(lambda found: f"{name}-{found[0]}", kept)


def _opening(view: str, name: str) -> str:
    """The opening of a picture that screen readers take for one thing."""
    _, _, width, height = view.split()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
        f' id="{name}" aria-labelledby="{name}-title {name}-desc"'
        f' width="{width}pt" height="{height}pt" viewBox="{view}">'
    )
