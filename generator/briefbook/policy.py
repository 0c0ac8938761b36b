"""The Content-Security-Policy of every published page.

https://www.w3.org/TR/CSP3/: nothing but files of the site itself is loaded or run, no script in a page runs, no form is
sent. Styles in a page are let be: Zensical's own script sets one, and a style runs nothing. `data:` images are the
icons inside the theme's style sheets. The theme's `main.html` says the same words, and `verify` asks for them.
"""

from __future__ import annotations

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
