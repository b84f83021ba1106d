"""A page as a browser reads it."""

from html.parser import HTMLParser


class Tree(HTMLParser):
    """What a page consists of: tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """A tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Text between tags."""
        self.text += data

    def all(self, tag):
        """The attributes of each tag of a kind."""
        return [attrs for name, attrs in self.tags if name == tag]
