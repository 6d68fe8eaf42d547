"""Schema of what a spec declares before any request: hosts, credentials, ids, assets, symbols, words, limits, fees."""

from exconn.spec.vocabulary import STEPS

from . import choices, meanings
from .terms import Term, decimal, flag, free, listed, name, named, one_of, page, ref, table, text, url, whole


def head() -> dict[str, Term]:
    return {
        "exconn": {"description": "The version of the language.", "examples": [1], "const": 1}
        | {"x-hint": "this exconn reads version 1 of the language"},
        "name": name("The exchange's name, also that of generated packages.", "harbor"),
        "docs": url("The exchange's documents.", "https://docs.exchange.example/api"),
        "hosts": _hosts(),
        "credentials": _credentials(),
        "client_id": _client_id(),
        "assets": _assets(),
        "symbols": named("Form -> template of {base} and {quote}, or learnt.", {"rest": "{base}-{quote}"}, _form()),
        "words": named("Table -> our word: theirs, or a list of theirs.", {"side": {"buy": "bid"}}, _words()),
        "decisions": named("Table -> the first match that holds gives the word.", _DECISION, _decision()),
        "signing": named("Ways of signing.", {"rest": _RECIPE}, _recipe()),
        "limits": named("Pools of rate limits.", {"orders": {"allow": 50, "per": 1}}, _pool()),
        "envelopes": named("How replies tell success; default holds everywhere.", _ENVELOPE, _envelope()),
        "errors": ref("Meaning -> patterns, for all endpoints and sockets.", {"auth": ["50111"]}, "errors"),
        "fees": _fees(),
        "price_steps": _price_steps(),
    }


_DECISION = {"state": [{"when": {"isActive": True}, "is": "open"}]}
_RECIPE = {
    "values": {"signature": {"hmac_sha256": "{time_ms}{body}", "key": "secret_key", "as": "hex"}},
    "after": {"headers": {"X-TIME": "{time_ms}", "X-SIGN": "{signature}"}},
}
_TOKEN = {
    "jwt": "ES256",
    "header": {"kid": "{api_key}", "typ": "JWT"},
    "claims": {"uri": "{method} {host}{path}", "nbf": "{time_s:number}"},
    "key": "private_key",
}
_CHOICE = "^[!-~]+( [!-~]+)*$"
_ENVELOPE = {"default": {"success": {"code": 0}, "code": "code", "text": "msg"}}


def _hosts() -> Term:
    example = "https://api.exchange.example"
    host = text("A host that it may be, perhaps with its port.", "ws.exchange.example", maxLength=260)
    keys = {"learnt": listed("The hosts that may be learnt.", ["ws.exchange.example"], host, uniqueItems=True)}
    doc = "An origin; or, for a socket whose address a preparation gives, the hosts that it may have."
    origin = table(doc, example, keys, ("learnt",), type=["string", "object"])
    origin |= {"pattern": "^(https|wss)://[^/]+$", "maxLength": 260}
    origin["x-hint"] = "write https:// or wss:// and a host name, without a path"
    group = named("Name -> origin.", {"rest": example}, origin)
    return named("Group -> hosts; the first group is the default.", {"main": {"rest": example}}, group)


def _credentials() -> Term:
    keys = {
        "secret": flag("Whether it is secret, and so is never shown."),
        "encoding": one_of("How its text becomes the key; utf8 when left out.", choices.ENCODING),
        "choice": _choice(),
        "default": text("Used when the user gives none.", "0"),
    }
    entry = table("A value that the user gives.", {"secret": True}, keys, ("secret",))
    return named("What a user must have.", {"api_key": {"secret": False}}, entry)


def _choice() -> Term:
    word = text("A word.", "starter", pattern=_CHOICE, maxLength=60)
    return listed("The only texts it may have.", ["starter", "pro"], word, minItems=2, uniqueItems=True)


def _client_id() -> Term:
    keys = {
        "kind": one_of("What the exchange takes.", choices.CLIENT_ID_KIND),
        "prefix": text("What every id begins with.", "t-", maxLength=20),
        "length": whole("Characters of a text id, the prefix included.", 32, 8, 128),
        "bits": whole("Width of an integer id.", 31, 16, 63),
        "alphabet": text("The characters permitted; letters and digits when left out.", "0123456789abcdef"),
        "unique": one_of("Until when an id that was used is taken.", choices.UNIQUE),
    }
    example = {"kind": "text", "length": 32, "unique": "forever"}
    return table("Ids that we give orders.", example, keys, ("kind", "unique"))


def _assets() -> Term:
    theirs = {"type": ["string", "array"], "minItems": 1, "minLength": 1, "uniqueItems": True}
    theirs["items"] = {"type": "string", "minLength": 1}
    keys = {
        "names": free("Ours -> theirs, or a list: the first is written, all are read.", {"BTC": "XBT"}, theirs),
        "drop_suffix": listed("Endings cut off when read.", [".F"], text("An ending.", ".F"), uniqueItems=True),
    }
    return table("Assets that the exchange names otherwise.", {"names": {"BTC": ["XBT", "XXBT"]}}, keys)


def _form() -> Term:
    return text("A template of {base} and {quote}, or the word learnt.", "{base}-{quote}")


def _words() -> Term:
    theirs: Term = {"type": ["string", "integer", "boolean", "array"], "minItems": 1, "minLength": 1}
    theirs |= {"uniqueItems": True, "items": {"type": ["string", "integer", "boolean"], "minLength": 1}}
    theirs["description"] = "Their word, or a list of them: the first is written, all are read."
    theirs["examples"] = [["new", "partial"]]
    keys = {
        "otherwise": one_of("What an unknown word of theirs is; refuse when left out.", choices.OTHERWISE),
        "match": one_of("How theirs are compared; exact when left out.", choices.MATCH),
    }
    doc = "Our word -> theirs."
    return named(doc, {"open": ["new", "partial"], "filled": "filled"}, theirs, properties=keys)


def _decision() -> Term:
    keys = {
        "when": ref("What must hold.", {"isActive": True}, "match"),
        "is": name("Our word.", "open"),
    }
    row = table("One row.", {"when": {"isActive": True}, "is": "open"}, keys, ("when", "is"))
    return listed("Rows, tried in this order.", _DECISION["state"], row)


def _recipe() -> Term:
    step_keys: dict[str, Term] = {
        step: ref(_sentence(meanings.STEPS[step]), "{path}{body}", "template") for step in STEPS if step != "jwt"
    }
    step_keys["jwt"] = one_of(_sentence(meanings.STEPS["jwt"]), choices.JWT)
    step_keys["header"] = ref("What a jwt's header says besides `alg`.", {"kid": "{api_key}", "typ": "JWT"}, "json")
    step_keys["claims"] = ref("What a jwt claims.", {"sub": "{api_key}", "exp": "{expires_s:number}"}, "json")
    step_keys["key"] = name("The credential that signs: the key of a MAC, or a private key.", "secret_key")
    step_keys["as"] = one_of("How the result is written.", choices.WRITTEN_AS)
    step = table("One step.", {"sha256": "{body}", "as": "hex"}, step_keys)
    step["examples"].append(_TOKEN)
    before_keys = _placement() | {
        "own": one_of("Where an endpoint's own fields stand; left out: after these.", choices.OWN)
    }
    before = table("Added to the request before it is signed.", {"form": {"nonce": "{nonce}"}}, before_keys)
    after_keys = _placement() | {"body": one_of("What is sent of the signed body; left out: all of it.", choices.BODY)}
    after = table("Added last.", {"headers": {"X-SIGN": "{signature}"}}, after_keys)
    keys = {
        "doc": page("Where the exchange describes it.", "https://docs.exchange.example/signing"),
        "nonce": one_of("What `{nonce}` is: a number that only grows.", choices.NONCE),
        "expires_in": whole("Seconds from now to {expires_s} and {expires_ms}.", 60, 1, 86400),
        "before": before,
        "values": named("Named steps, each over earlier names and the request.", {"digest": step["examples"][0]}, step),
        "after": after,
    }
    return table("A way of signing.", {"after": {"headers": {"X-KEY": "{api_key}"}}}, keys, minProperties=1)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _placement() -> dict[str, Term]:
    return {
        "headers": ref("Headers.", {"X-KEY": "{api_key}"}, "headers"),
        "query": ref("Query parameters.", {"timestamp": "{time_ms}"}, "query"),
        "form": ref("Form fields.", {"nonce": "{nonce}"}, "form"),
        "json": ref("Fields of the JSON body.", {"nonce": "{nonce}"}, "json"),
        "params": ref("Where the endpoint's own parameters go.", {"nonce": "{nonce}"}, "query"),
    }


def _pool() -> Term:
    sizes = {
        "allow": whole("What a window allows.", 50),
        "burst": whole("What a full bucket holds.", 100),
        "refill": whole("What comes back in each period.", 10),
        "per": decimal("Seconds of the window or of the refill.", 1),
    }
    bucket = {"burst": 60, "refill": 1, "per": 1}
    size = table("How large it is for this word.", bucket, sizes, ("per",))
    keys = {
        **sizes,
        "by": name("The credential whose `choice` says how large it is.", "tier"),
        "sizes": free("Word of the credential's `choice` -> how large the pool is.", {"starter": bucket}, size),
        "each": one_of("Counted for each of these, and not for the account as a whole.", choices.EACH),
        "used": text("The reply header that tells what is used.", "X-USED-ORDERS", pattern="^[A-Za-z0-9-]+$"),
        "retry_after": text("The header that tells when to come back.", "Retry-After", pattern="^[A-Za-z0-9-]+$"),
    }
    return table("A rate limit.", {"allow": 50, "per": 1}, keys)


def _envelope() -> Term:
    keys = {
        "success": ref("What must hold in a reply that is no error.", {"code": 0}, "match"),
        "code": ref("Where an error's code stands.", "code", "path"),
        "text": ref("Where an error's text stands.", "msg", "path"),
    }
    return table("How replies tell success.", _ENVELOPE["default"], keys, ("success",))


def _price_steps() -> Term:
    keys = {
        "from": decimal("The price from which on it holds.", 1000),
        "step": decimal("Prices from there on are multiples of this.", "0.5"),
    }
    rows = [{"from": 0, "step": "0.1"}, {"from": 1000, "step": "0.5"}]
    band = table("One row.", rows[0], keys, ("from", "step"))
    bands = listed("Rows from price 0 upwards.", rows, band)
    doc = "Quote asset, ours -> how steps of prices grow with the price, where documents tell it and no reply does."
    return free(doc, {"KRW": rows}, bands) | {"propertyNames": {"pattern": "^[A-Z0-9]{1,20}$"}}


def _fees() -> Term:
    keys = {
        "maker": decimal("Fraction paid by a maker: 0.001 is 0.1 %.", "0.0008"),
        "taker": decimal("Fraction paid by a taker.", "0.0010"),
    }
    doc = "Rates to count with until the exchange has been asked."
    return table(doc, {"maker": "0.0008", "taker": "0.0010"}, keys, ("maker", "taker"))
