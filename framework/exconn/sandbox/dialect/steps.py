"""The steps of a request, by name: a dialect puts them in its exchange's order.

Rules:
- Each step is one check, made over the whole request; the first that fails answers. The server has a function a step.
- Maintenance, the path and the method come before all of them, whatever the dialect.
"""

STEPS: dict[str, str] = {
    "limits": "the pools that the endpoint costs",
    "headers": "the fields of the signature are there and well-formed",
    "key": "the key exists",
    "signature": "the signature is right",
    "time": "the time of signing is inside the window",
    "nonce": "the nonce is greater than every one before; from here on it is used",
    "right": "the key has the right that the endpoint needs",
    "body": "the body is what the endpoint takes",
    "unknown": "no field that the endpoint does not have, none twice",
    "missing": "every required argument is there",
    "one_of": "exactly one of some arguments",
    "not_both": "not some arguments together",
    "malformed": "every argument is of its type",
    "needs": "arguments that others ask for are there",
    "not_allowed": "arguments and words that others refuse are not",
    "apart": "moments are not too far apart",
}

PLACING_CHECKS = (
    "duplicate_client_id",
    "unknown_symbol",
    "halted",
    "price_off_tick",
    "price_out_of_range",
    "price_too_far",
    "size_off_lot",
    "size_too_small",
    "size_too_large",
    "notional_too_small",
    "notional_too_large",
    "no_liquidity",
)
"""The reasons that a dialect may put in its order of checking a new order."""
