"""Texts that try to be more than texts: code of several languages, and what ends, hides or begins a text in a file.

Rules: a payload that ran would be seen, since it imports, opens, calls or raises; together they hold every quote,
bracket, line end and escape that Python, YAML, Jinja, a shell, a URL or an HTTP message gives a meaning to.
"""

from __future__ import annotations

from typing import Final

_PYTHON: Final = (
    "__import__('os').system('id')", '__import__("os").system("id")', "exec('raise SystemExit')", "eval('1/0')",
    "open('/etc/passwd').read()", "import os", "import os; os.system('id')", "from os import system", "os.system('id')",
    "lambda: exit()", "exit()", "raise SystemExit", "().__class__.__bases__[0].__subclasses__()", "__builtins__",
    "__class__", "__init__", "__globals__", "x.__class__.__mro__", "globals()['__builtins__']", "print(1)",
    "1 if x else 2",
    "[x for x in ()]", "x := 1", "@exit", "del x", "assert False", "yield", "async def f(): pass",
    "class A: pass", "pass",
    "None", "True", "self", "class", "def", "import", "lambda", "return", "match", "type", "exec", "eval",
    "codec", "CODEC",
)  # fmt: skip
_QUOTES: Final = (
    "'", '"', "'''", '"""', '""""', "''''", "`", "\\'", '\\"', "\\", "\\\\", "\\\\'", "'+exit()+'", '"+exit()+"',
    "''' + exit() + '''", '""" + exit() + """', "'); exit(); ('", '"); exit(); ("', "')]}; exit()",
    '"}]); exit() #', "' # ",
    '" # ', "b'", "r'", "f'{exit()}'", 'f"{exit()}"', "'\"'\"'", "’", "“", "«", "′",
)  # fmt: skip
_BRACES: Final = (
    "{", "}", "{}", "{{", "}}", "{{}}", "{0}", "{0.__class__}", "{x!r}", "{x:>10}", "{__import__('os')}", "{self}",
    "{{ 7*7 }}", "{% import os %}", "{{ cycler.__init__.__globals__ }}", "{# x #}", "{% raw %}", "${HOME}",
    "$(id)", "%s",
    "%(x)s", "%d%d", "%n", "%00", "%0d%0a", "<% x %>", "#{x}", "{time_ms}{", "{api_key!r}", "{secret_key.__class__}",
)  # fmt: skip
_LINES: Final = (
    "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "a\nexit()", "a\rexit()", "a\u2028exit()",
    "# x\nexit()", "\nimport os\n", '"\nimport os\n"', "\\\nexit()", "\\n", "\\r\\nexit()", "\\x0aexit()",
    "\\u000aexit()",
    "\\N{LINE FEED}exit()", "x\r\nX-Evil: 1", "x\nHost: evil.example", "\r\n\r\nGET / HTTP/1.1", "\t", "a\tb",
    " a", "a ",
)  # fmt: skip
_HIDDEN: Final = (
    "\x00", "a\x00b", "\x07", "\x1b[2J", "\x1b]0;x\x07", "\x7f", "\ufeff", "\u200b", "\u202eevil", "\u2066x\u2069",
    "\u0430pi", "ａｐｉ", "ﬁ", "e\u0301", "𝕖𝕩𝕖𝕔", "\U0010ffff", "\uffff", "漢", "🔑", "İ", "ß", "٣", "１２", "½",
)  # fmt: skip
_FILES: Final = (
    "../../etc/passwd", "/etc/passwd", "..\\..\\x", "file:///etc/passwd", "~/.ssh/id_rsa", "C:\\x", "con",
    "//evil.example/x",
    "https://evil.example", "https://api@evil.example/", "http://127.0.0.1:1/", "x?y=z#w", "a;b", "a&b=c",
    "a=b", "|id", ";id;",
    "&& id", "> x", "`id`", "-rf", "--help", "!!python/object/apply:os.system [id]", "!x", "&x", "*x", "<<", "- a",
    "a: b", "? a", "%YAML 1.1", "---", "...", "# -*- coding: utf-7 -*-", "# coding: raw_unicode_escape",
    "+ADw-", "<script>",
    "<!--", "-->", "]]>", "*/", "//", "/* exit() */", "null", "true", "0", "-1", "1e999", "NaN", "0x10", "1_000",
    "x" * 300, "x" * 16_000,
)  # fmt: skip

PAYLOADS: Final = (*_PYTHON, *_QUOTES, *_BRACES, *_LINES, *_HIDDEN, *_FILES)
HARMLESS: Final = (
    "https://plain.example/x", "GET /plain",
    "plain", "two words", "a-b", "a.b", "a/b", "a,b", "a:b", "Plain", "PLAIN", "p", "12", "é", "a'b", 'a"b',
    "a_b", "/plain",
    "plain | other", "'plain'", "`1`", "plain ", "https://plain.example", "0.001", "0.0",
)  # fmt: skip
"""What an author might write there; a payload that is taken must give code of the same shape as one of them."""
