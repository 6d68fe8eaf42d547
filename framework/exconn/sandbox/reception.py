"""The steps of a request, in the order that the dialect gives: the first that fails answers.

Rules:
- A step is a function over the inquiry; it raises `Refused`, or adds to what is known.
- Each check is made over the whole request before the next begins. Those of its arguments are `argument_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import access
from .argument_checks import ARGUMENT_CHECKS
from .desk import Desk
from .dialect.endpoints import BODIES
from .dialect.formats import whole
from .dialect.meanings import Refused
from .dialect.readings import ABSENT, Reading
from .dialect.rules import renamed
from .dialect.signing import Signature
from .inquiry import Inquiry, read_form, read_json
from .limits import SECOND, Count, Limits, Subject
from .signatures import Signed


@dataclass(frozen=True, slots=True)
class Reception:
    """What the steps work with."""

    desk: Desk
    limits: Limits
    true_ns: Callable[[], int]

    def receive(self, inquiry: Inquiry, checks: Mapping[str, Sequence[str]] | None = None) -> None:
        """Make all checks of a request, and read its arguments. Refused: the first that fails.

        `checks` are those of a socket, which may differ from the dialect's.
        """
        kind = "open" if inquiry.endpoint.signature is None else "signed"
        for step in (checks or self.desk.dialect.checks)[kind]:
            RUN[step](self, inquiry)
        for when, given in inquiry.endpoint.assumes:
            if all(inquiry.args.get(name) in words for name, words in when.items()):
                inquiry.args.update({name: word for name, word in given.items() if inquiry.args.get(name) is None})
        inquiry.args = renamed(inquiry.args, inquiry.endpoint.becomes)
        if inquiry.endpoint.deadline is not None:
            inquiry.deadline = inquiry.endpoint.deadline.moment(inquiry.args, inquiry.now)

    def signature_of(self, inquiry: Inquiry) -> Signature:
        """The signature that the endpoint asks for."""
        return self.desk.dialect.signatures[inquiry.endpoint.signature or ""]


def _take_limits(reception: Reception, inquiry: Inquiry) -> None:
    costs = inquiry.endpoint.costs_of(inquiry.sent)
    if not costs:
        return
    subjects: dict[Subject, str] = {"address": inquiry.address, "connection": inquiry.connection or inquiry.address}
    if inquiry.key is not None:
        subjects["key"] = inquiry.key.api_key
    counts = inquiry.counts = reception.limits.take(costs, subjects, reception.true_ns())
    inquiry.used.update({header: str(count.used) for count in counts for header in count.pool.used})
    late = max(counts, key=lambda count: count.wait)
    if late.wait:
        raise rate_limited(late, inquiry.now)


def rate_limited(count: Count, now: int) -> Refused:
    """A refusal that says when the request would pass: whole seconds, rounded up; and that moment, of a ban."""
    wait = -(-count.wait // SECOND)
    meaning, until = ("banned", now + count.wait) if count.banned else ("rate_limited", None)
    return Refused(meaning, pool=count.name, retry_after=wait, used=count.used, allowed=count.allowed, until=until)


def _read_headers(reception: Reception, inquiry: Inquiry) -> None:
    fields = reception.signature_of(inquiry).fields
    if inquiry.session is not None and not any(_is_sent(inquiry, fields, name) for name in ("key", "signature")):
        inquiry.key = inquiry.session  # a session's key speaks for itself: only the time is asked
        fields = tuple(field for field in fields if field.arg not in ("key", "signature"))
    values, texts = access.read_fields(fields, inquiry.raw)
    inquiry.fields = {**values, "sent": texts}


def _is_sent(inquiry: Inquiry, fields: Sequence[Reading], name: str) -> bool:
    return any(field.arg == name and inquiry.raw(field) is not ABSENT for field in fields)


def _find_key(reception: Reception, inquiry: Inquiry) -> None:
    if "key" in inquiry.fields:
        inquiry.key = access.find_key(reception.desk, inquiry.fields)
    elif "token" in inquiry.fields:
        inquiry.key = access.find_key_of_token(reception.desk, inquiry.fields["token"], inquiry.now, inquiry.tokens)


def _judge_signature(reception: Reception, inquiry: Inquiry) -> None:
    if "signature" not in inquiry.fields:
        return
    signed = Signed(
        inquiry.method,
        inquiry.host,
        inquiry.target,
        inquiry.body,
        inquiry.fields["sent"],
        tuple((str(name), whole(value)) for name, value in inquiry.document.items()),
    )
    key = inquiry.key
    if key is None:
        raise LookupError("the step 'signature' stands before the step 'key'")
    inquiry.verdict = access.judge_signature(reception.signature_of(inquiry), signed, key)
    if not inquiry.verdict.right:
        raise Refused("wrong_signature")


def judge_time(reception: Reception, inquiry: Inquiry) -> None:
    """The step `time`, which a gated endpoint makes once more."""
    sent = inquiry.fields["sent"].get("time", "")
    access.judge_time(reception.signature_of(inquiry), inquiry.fields, sent, inquiry.now)


def _use_nonce(reception: Reception, inquiry: Inquiry) -> None:
    if inquiry.key is not None:
        sent = inquiry.fields["sent"].get("nonce", "")
        access.use_nonce(reception.signature_of(inquiry), inquiry.fields, sent, inquiry.key)


def _judge_right(reception: Reception, inquiry: Inquiry) -> None:
    if inquiry.key is not None:
        access.judge_right(inquiry.key, inquiry.endpoint.right)


def _read_body(reception: Reception, inquiry: Inquiry) -> None:
    if inquiry.endpoint.is_tree:
        return
    kind = inquiry.endpoint.body or _body_of_signature(reception, inquiry)
    if not inquiry.body and kind in (None, "body", "params"):
        return
    if kind is None or len(inquiry.body) > reception.desk.dialect.most_body:
        raise Refused("body")
    try:
        inquiry.take_document(*(read_json if inquiry.is_json(kind) else read_form)(inquiry.body))
    except (ValueError, RecursionError):
        raise Refused("body") from None


def _body_of_signature(reception: Reception, inquiry: Inquiry) -> str | None:
    """The body that the signature's own fields may stand in."""
    if inquiry.endpoint.signature is None:
        return None
    return next((field.place for field in reception.signature_of(inquiry).fields if field.place in BODIES), None)


def _known_readings(reception: Reception, inquiry: Inquiry) -> Iterator[Reading]:
    yield from inquiry.endpoint.readings
    if inquiry.endpoint.signature is not None:
        yield from reception.signature_of(inquiry).fields


def _refuse_unknown(reception: Reception, inquiry: Inquiry) -> None:
    if inquiry.endpoint.is_tree:
        return
    readings = list(_known_readings(reception, inquiry))
    query = {reading.path for reading in readings if reading.place in ("query", "params")}
    body = {reading.path.partition(".")[0] for reading in readings if inquiry.framed or reading.place in BODIES}
    names = [*(name for name, _ in inquiry.query), *inquiry.document]
    known = query | body
    facts = {"known": len(known.intersection(names)), "received": len(set(names))}
    seen: dict[str, bool] = {}
    for name, _ in inquiry.query:
        if name not in query or name in seen:
            raise Refused("repeated_field" if name in seen else "unknown_field", field=name, **facts)
        seen[name] = True
    for name in inquiry.document:
        if name not in body or name in inquiry.doubled:
            raise Refused("repeated_field" if name in body else "unknown_field", field=str(name), **facts)


def _over_arguments(check: Callable[[Inquiry], None]) -> Callable[[Reception, Inquiry], None]:
    return lambda reception, inquiry: check(inquiry)


RUN: dict[str, Callable[[Reception, Inquiry], None]] = {
    "limits": _take_limits,
    "headers": _read_headers,
    "key": _find_key,
    "signature": _judge_signature,
    "time": judge_time,
    "nonce": _use_nonce,
    "right": _judge_right,
    "body": _read_body,
    "unknown": _refuse_unknown,
    **{step: _over_arguments(check) for step, check in ARGUMENT_CHECKS.items()},
}
"""A function a step."""
