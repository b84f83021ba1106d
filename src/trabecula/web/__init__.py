"""The web app: a form or a file in, a page out; nothing is stored. Needs the extra `web`."""

from trabecula.web.app import create_app

__all__ = ["create_app"]
