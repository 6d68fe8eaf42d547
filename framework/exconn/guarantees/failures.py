"""The failures of exchange connectors that a spec helps to keep away, by their number in the catalogue of failures.

Rules: a number never changes its meaning; those of the catalogue that are missing here (a truncated body, a crash
between two writes, a slow reader...) are the market's own matter, whatever the spec says. `S` stands for security.
"""

from types import MappingProxyType
from typing import Final

FAILURES: Final = MappingProxyType(
    {
        "1": "the answer to an order is lost after the exchange accepted it",
        "2": "an order is filled and closed before anyone looks among the open ones",
        "3": "a request waits in a queue and is accepted after the client gave up",
        "4": "a 5xx or a timeout of the exchange is taken for a failure",
        "5": "a 4xx that is no refusal is taken for one",
        "7": "a reply of status 200 that is an error is taken for a success",
        "8": "a success is taken for an error",
        "9": "an order is sent again and meets its first sending",
        "10": "two programs give the same client id",
        "11": "a client id comes again on the exchange and finds an older order",
        "12": "an order is known by a placeholder until its id is told",
        "13": "an order is checked against rules that are out of date or incomplete",
        "14": "a fill is told before the order's own answer",
        "16": "an answer is older than what the stream told",
        "18": "an event is told twice",
        "19": "a trade has no id, or the order's id stands for it",
        "20": "an event is lost while a stream is down",
        "21": "one frame is lost on a stream that looks healthy",
        "22": "events arrive in another order",
        "23": "a cancel is confirmed while an earlier fill is still under way",
        "24": "an order is filled, and its fills are missing",
        "25": "a cancel is answered with: no such order",
        "26": "a cancel is lost, or believed without evidence",
        "27": "a fill arrives long after the order's end",
        "28": "a failed request counts as: not found",
        "29": "an order is partly filled, then cancelled, and its size booked wrong",
        "30": "a fill is counted twice, once inferred and once told",
        "31": "a connection stands still without closing",
        "32": "a quiet market is taken for a dead connection",
        "33": "a stream ends by its age or its token's",
        "35": "an update of a book is lost",
        "36": "a snapshot and the updates around it do not meet",
        "37": "a book is corrupt though its sequence is whole",
        "38": "a book is crossed",
        "39": "one gap takes all books away",
        "41": "this machine's clock is not the exchange's",
        "42": "nonces collide, or arrive in another order",
        "44": "a limit is exceeded, and the exchange answers with a ban",
        "48": "a fee is in a third asset, negative or not told at all",
        "49": "a pair is halted or delisted while orders are open",
        "50": "maintenance is taken for an error of each request",
        "53": "a restart drops orders that still work",
        "56": "a program ends, or is cut off, and its orders stay in the book",
        "57": "an old balance overwrites a newer one",
        "58": "a recovery is counted as done when it was only asked for",
        "S12": "a key that trading uses could withdraw",
    }
)
