"""Secrets: what an error may say of the request that it ended. The row is one of the requirements of security."""

from exconn.errors import Unanswered

from ..mutant import mutant


@mutant(
    "S9",
    "an error of the network shows the request that it ended",
    "exconn.market.http:Http._named",
    ["I12"],
    ["accepted_then_reset"],
)
def request_shown(right):
    def _named(self, error, request, written):
        named = right(self, error, request, written)
        return Unanswered(f"{named}: {request.target} {request.headers}") if isinstance(named, Unanswered) else named

    return _named
