"""Guarantees about order books.

Rules: a book is published or withheld, so that a guarantee about it says what is noticed.
"""

from exconn.spec import Spec

from .facts import streamed
from .guarantee import Guarantee, Judgement, given_up, holds, weaker

_NOTICING = ("range", "link", "count")


def _gaps(spec: Spec) -> Judgement:
    book = spec.order_book
    if book is None or not streamed(spec, "book_snapshot", "book_update"):
        return Judgement("polled", "order_book", None if book is None else book.span)
    if book.start == "whole":
        outcome = "whole"
    elif book.chain in _NOTICING:
        outcome = "chained"
    else:
        outcome = "summed" if book.checksum is not None else book.chain
    return Judgement(outcome, "order_book.chain", book.span, {"chain": book.chain})


def _checksum(spec: Spec) -> Judgement:
    book = spec.order_book
    if book is None or book.checksum is None:
        return Judgement("none", "order_book.checksum")
    rule = book.checksum
    if rule.absent is not None:
        return Judgement("passed over", "order_book.checksum.absent", rule.span, {"absent": str(rule.absent)})
    sums, last = streamed(spec, "book_checksum"), "book_snapshot" if book.start == "whole" else "book_update"
    for record in sums or streamed(spec, last):
        reading = record.fields.get("checksum")
        if reading is None or reading.or_none:
            key = f"sockets.*.messages.{record.kind}.checksum"
            return Judgement("not always", key, record.span, {"kind": record.kind})
    return Judgement("compared", "order_book.checksum", rule.span)


GUARANTEES = (
    Guarantee(
        "book-gaps-are-seen",
        "a book that lost an update is withheld and mended, that pair only",
        ("35", "36", "39"),
        {
            "chained": holds("updates are chained ({chain}): each says what it follows"),
            "whole": holds("every frame is the whole book"),
            "polled": weaker(
                "no socket tells the book: it is read by REST, whole and late",
                "add a socket with book_update, if the exchange has one",
            ),
            "summed": weaker(
                "updates carry no sequence: one that was lost shows in the next checksum, if its levels are counted in",
                "say chain: range, link or count, if updates carry what it reads",
            ),
            "newer": weaker(
                "updates only grow (chain: newer): one that was lost is not noticed",
                "say chain: range, link or count, if updates carry what it reads",
            ),
            "none": given_up(
                "updates carry no sequence: one that was lost is not noticed",
                "say chain: range, link or count, if updates carry what it reads",
            ),
        },
        _gaps,
    ),
    Guarantee(
        "book-is-verified",
        "a book whose levels are wrong is withheld and mended",
        ("37", "38"),
        {
            "compared": holds("the exchange's checksum is compared, and a crossed top is never published"),
            "passed over": weaker(
                "the exchange's checksum is compared, but where it sends {absent} in its place nothing is: if it"
                " always does, other wrong levels than a crossed top are not noticed",
                "delete absent, if the exchange always sends a checksum, or does so again",
            ),
            "not always": weaker(
                "the exchange's checksum is compared where it comes, but a {kind} may be without one: until the next"
                " that has one, other wrong levels than a crossed top are not noticed",
                "add checksum: PATH to each {kind}, without or none, if the exchange always sends it",
            ),
            "none": weaker(
                "a crossed top is never published, but other wrong levels are not noticed",
                "add order_book.checksum, if the exchange sends one",
            ),
        },
        _checksum,
    ),
)
