"""Checks of what a spec declares: names, client ids, symbol forms, limits, fees."""

import keyword
import re
from decimal import Decimal
from itertools import pairwise

from exconn.document import Findings, Mapping, find, key_span, quoted
from exconn.spec.checks.pools import check_ages, check_costs, check_each, check_pool
from exconn.spec.placeholders import BUILT_IN
from exconn.spec.tree import PriceBand, Spec
from exconn.spec.walk import hole_names

LEAST_RANDOM = 8
_OURS = ("exconn", "exconn_codegen")
HIGHEST_FEE = Decimal("0.05")
_PRINTABLE = re.compile(r"[!-~]+")


def check_declarations(spec: Spec, root: Mapping, findings: Findings) -> None:
    if keyword.iskeyword(spec.name) or keyword.issoftkeyword(spec.name):
        place = find(root, ("name",)).span
        findings.add("reserved-name", f"{quoted(spec.name)} is a word of Python", place, "add a letter to it")
    elif spec.name in _OURS:
        place = find(root, ("name",)).span
        findings.add(
            "reserved-name", f"a package {quoted(spec.name)} would hide exconn's own", place, "name the exchange"
        )
    _check_credentials(spec, root, findings)
    _check_client_id(spec, root, findings)
    _check_symbols(spec, findings)
    for pool in spec.limits.values():
        check_pool(spec, pool, findings)
    check_costs(spec, findings)
    check_ages(spec, findings)
    check_each(spec, findings)
    _check_fees(spec, root, findings)
    for quote, bands in spec.price_steps.items():
        _check_bands(quote, bands, findings)


def _check_credentials(spec: Spec, root: Mapping, findings: Findings) -> None:
    for name, credential in spec.credentials.items():
        if credential.secret and credential.default is not None:
            place = key_span(root, ("credentials", name, "default"))
            findings.add("secret-default", "a secret has no default", place, "delete it, or write secret: false")
        elif credential.choice and credential.default not in (None, *credential.choice):
            place = find(root, ("credentials", name, "default")).span
            message = f"the default {quoted(credential.default or '')} is no choice"
            findings.add("not-one-of", message, place, f"the choices are {', '.join(credential.choice)}")
    named = [(name, credential.span) for name, credential in spec.credentials.items()]
    named += [(step.name, step.span) for recipe in spec.signing.values() for step in recipe.values]
    named += [(given.name, given.reading.span) for end in spec.endpoints.values() for given in end.gives]
    named += [(word, each.span) for socket in spec.sockets.values() for each in socket.subscribe for word in each.words]
    taken = set(spec.credentials)
    for name, span in named:
        if name in BUILT_IN:
            message = f"{quoted(name)} is the name of a built-in placeholder"
            findings.add("hides-built-in", message, span, "give it another name")
    for name, span in named[len(taken) :]:
        if name in taken:
            findings.add("name-twice", f"{quoted(name)} is a credential already", span, "give it another name")


def _check_client_id(spec: Spec, root: Mapping, findings: Findings) -> None:
    ids = spec.client_id
    if ids is None:
        return
    wanted, needless = ("length", ("bits",)) if ids.kind == "text" else ("bits", ("length", "prefix", "alphabet"))
    node = find(root, ("client_id",))
    assert isinstance(node, Mapping)
    if node.get(wanted) is None:
        place = key_span(root, ("client_id",))
        findings.add("bad-client-id", f"an id of the kind {ids.kind} needs {wanted}", place, f"add {wanted}")
    for key in needless:
        entry = node.entry(key)
        if entry is not None:
            findings.add("bad-client-id", f"an id of the kind {ids.kind} has no {key}", entry.key.span, "delete it")
    if ids.kind == "text" and ids.length is not None and ids.length - len(ids.prefix) < LEAST_RANDOM:
        message = f"the prefix leaves fewer than {LEAST_RANDOM} characters to tell orders apart"
        findings.add("bad-client-id", message, key_span(root, ("client_id", "length")), "shorten the prefix")
    distinct = len(set(ids.alphabet)) == len(ids.alphabet) >= 10
    if not distinct or not _PRINTABLE.fullmatch(ids.alphabet):
        message = "an alphabet is at least 10 different printable characters, each written once"
        hint = "write the characters themselves, not a range"
        findings.add("bad-client-id", message, key_span(root, ("client_id", "alphabet")), hint)


def _check_symbols(spec: Spec, findings: Findings) -> None:
    for form in spec.symbols.values():
        if form.template is None:
            continue
        missing = {"base", "quote"} - hole_names([form.template])
        if missing:
            wanted = " and ".join(f"{{{name}}}" for name in sorted(missing))
            hint = "write a template of both, or learnt"
            findings.add("bad-symbol", f"the form {quoted(form.name)} lacks {wanted}", form.template.span, hint)


def _check_fees(spec: Spec, root: Mapping, findings: Findings) -> None:
    if spec.fees is None:
        return
    for name, rate in (("maker", spec.fees.maker), ("taker", spec.fees.taker)):
        if Decimal(rate) > HIGHEST_FEE:
            message = f"{rate} is {(Decimal(rate) * 100).normalize():f} %"
            findings.add("fee-too-high", message, find(root, ("fees", name)).span, "fees are fractions: 0.001 is 0.1 %")


def _check_bands(quote: str, bands: tuple[PriceBand, ...], findings: Findings) -> None:
    if Decimal(bands[0].start) != 0:
        message = f"the price steps of {quote} begin at {bands[0].start}"
        findings.add("bad-steps", message, bands[0].span, "begin with from: 0, so that every price has a step")
    for before, band in pairwise(bands):
        if Decimal(band.start) <= Decimal(before.start):
            message = f"the price steps of {quote} go from {before.start} to {band.start}"
            findings.add("bad-steps", message, band.span, "write the rows from the lowest price to the highest")
    for band in bands:
        if Decimal(band.step) == 0:
            findings.add("bad-steps", f"a price step of {quote} is nothing", band.span, "write a step above zero")
