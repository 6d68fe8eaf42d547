"""Submits: what an answer that is no answer proves."""

from msgspec.structs import replace

from exconn.errors import ExchangeError, ExconnError, Meaning, Unanswered
from exconn.market.limiter import Kind
from exconn.market.tracking import Accepted, Refused
from exconn.model import OrderReport, OrderState

from ..mutant import mutant

_REFUSAL = "exconn.market.orders:refusal"


def _refusing(right, is_taken_for_proof):
    def refusal(error):
        return Refused(error, proven=True) if is_taken_for_proof(error) else right(error)

    return refusal


@mutant(1, "a submit that is not answered has failed", _REFUSAL, ["I3"], ["accepted_then_reset"])
def silence_is_failure(right):
    return _refusing(right, lambda error: isinstance(error, Unanswered) and "HTTP" not in str(error))


@mutant(4, "a submit that is answered with a 5xx has failed", _REFUSAL, ["I3"], ["error_envelope"])
def server_error_is_failure(right):
    return _refusing(right, lambda error: isinstance(error, ExchangeError) and (error.http or 0) >= 500)


@mutant(5, "an error code that nobody listed is a rejection", _REFUSAL, ["I3"], ["error_envelope"])
def unlisted_is_rejection(right):
    unknown = (Meaning.UNLISTED, Meaning.OUTCOME_UNKNOWN)
    return _refusing(right, lambda error: isinstance(error, ExchangeError) and error.meaning in unknown)


@mutant(6, "a page of a proxy is a rejection", _REFUSAL, ["I3"], ["gateway_error"])
def page_is_rejection(right):
    return _refusing(right, lambda error: isinstance(error, Unanswered) and "HTTP 5" in str(error))


@mutant(
    7,
    "an error that comes with HTTP 200 is an acceptance",
    "exconn.market.orders:Orders._answered",
    ["I1"],
    ["error_envelope"],
)
def envelope_is_acceptance(right):
    def answered(self, proves):
        if isinstance(proves, Refused) and isinstance(proves.error, ExchangeError) and proves.error.http == 200:
            return Accepted(OrderReport(state=OrderState.OPEN))
        return right(self, proves)

    return answered


@mutant(45, "an answer that was cut off is a rejection", _REFUSAL, ["I3"], ["truncated"])
def cut_answer_is_rejection(right):
    return _refusing(right, lambda error: isinstance(error, Unanswered) and "HTTP 200" in str(error))


@mutant(
    9,
    "a submit that is not answered is sent again, and the refusal of the second is believed",
    "exconn.market.rest:Rest.ask",
    ["I3"],
    ["accepted_then_reset"],
)
def sent_again(right):
    async def ask(self, operation, arguments=None, kind=Kind.OTHER, before=None, age=None):
        try:
            return await right(self, operation, arguments, kind, before)
        except ExconnError as error:
            if operation != "place_order" or error.not_executed:
                raise
        try:
            return await right(self, operation, arguments, kind, before)
        except ExchangeError as error:
            if error.meaning is Meaning.DUPLICATE_CLIENT_ID:
                raise ExchangeError(operation, Meaning.REJECTED, error.code, error.text) from None
            raise

    return ask


@mutant(
    12,
    "an order of unknown outcome gets a made-up id of the exchange's",
    "exconn.market.tracking.apply:_RULES[Unresolved]",
    ["I1", "I2", "I14"],
    ["accepted_then_reset"],
)
def placeholder_id(right):
    def unresolved(order, fact, now):
        after, told = right(order, fact, now)
        return replace(after, exchange_order_id=after.exchange_order_id or "UNKNOWN"), told

    return unresolved
