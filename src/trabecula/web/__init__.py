"""The web app: a form or a file in, a page out; nothing is stored. Needs the extra `web`.

A request goes through `localisation` (which language), `security` (who may ask), `routes` (which page, and where its
work is done) and `pages` (what it shows). A form is `fields` (the questions), `entries` (a record as paths and values),
`forms` (between the two) and `formpages`; an answer is `session` (what is computed), `resultpages` and `whatif`. What
one page knows travels to the next inside it (`state`). Programs have `api`.
"""

from trabecula.web.app import create_app
