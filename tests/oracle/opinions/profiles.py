"""What the opinions on the exchange of our own making take for granted: keys, clock, markets, what signing adds."""

TIMESTAMP_MS = 1767225600250
MARKETS = {"myexchange": [{"base": "BTC", "quote": "USDT", "price": 0.01, "amount": 0.00001}]}
CANNED: dict[str, dict[str, object]] = {}
INCIDENTAL = {"myexchange": {"volatile": [], "auth": ["MX-TIME", "MX-NONCE", "MX-SIGN"]}}


def credentials(name: str) -> dict[str, str]:
    return {"api_key": "mx-demo-key-0001", "secret": "demo-secret-never-used-for-real"}


def client_id(name: str) -> str:
    return "demo-0001"
