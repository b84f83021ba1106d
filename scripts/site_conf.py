"""Settings of the documentation site; `scripts/make_site.py` assembles its pages and copies this beside them."""

project = "Trabecula"
author = "The Trabecula authors"
copyright = "The Trabecula authors, Apache-2.0"
extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["**/.ipynb_checkpoints"]
root_doc = "index"
nitpicky = True
suppress_warnings = ["toc.multiple_toc_parents"]  # a page may be for several readers

myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = False
myst_heading_anchors = 6
myst_url_schemes = ["http", "https", "mailto"]
myst_update_mathjax = False

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 600
nb_merge_streams = True
nb_render_markdown_format = "myst"

html_theme = "pydata_sphinx_theme"
html_title = "Trabecula"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "header_links_before_dropdown": 7,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
