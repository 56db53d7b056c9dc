"""Settings of Sphinx; docs/site/build.py gives the language."""

import os
from pathlib import Path

from services.common.revision import MODEL_VERSION

_ZH = os.environ["DAFENG_DOCS_LANGUAGE"] == "zh"
project = "达峰 Dafeng"
version = release = MODEL_VERSION
language = "zh_CN" if _ZH else "en"
extensions = ["myst_parser", "docs.site.mathml"]
myst_enable_extensions = ["dollarmath", "attrs_block"]
myst_heading_anchors = 4
html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"{project} {version}"
html_static_path = [str(Path(__file__).with_name("static"))]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
templates_path = [str(Path(__file__).with_name("templates"))]
html_sidebars = {
    "**": [
        "sidebar/brand.html", "language.html", "sidebar/search.html", "sidebar/scroll-start.html",
        "sidebar/navigation.html", "sidebar/scroll-end.html",
    ]
}  # fmt: skip
html_context = {"other_language": "English" if _ZH else "中文", "other_folder": "en" if _ZH else "zh"}
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0f766e", "color-brand-content": "#0f766e"},
    "dark_css_variables": {"color-brand-primary": "#5eead4", "color-brand-content": "#5eead4"},
}
