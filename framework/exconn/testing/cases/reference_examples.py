"""A worked example of every section, for the reference, `docs/cases.md`; together they are one file of cases.

Rules: the exchange is invented; an example uses what its section is for, and no key that needs a second file; a test
loads all of them as the one file that they make.
"""

from types import MappingProxyType
from typing import Final

TOP: Final = """cases: 1
spec: quay
credentials: {api_key: demo, secret_key: not-a-real-secret}
symbols: {rest: {BTC-USDT: BTCUSDT}}
"""

SECTIONS: Final = MappingProxyType(
    {
        "requests": """requests:
  - id: limit-buy
    source: docs/orders#place
    operation: place_order
    with: {pair: BTC-USDT, type: LIMIT, side: buy, amount: 0.10, price: 65000.00, client_id: demo-0001}
    fresh: {time: 1767225600250 ms}
    sends:
      http: POST https://api.quay.example/v1/orders
      headers:
        Content-Type: application/json
        Q-KEY: demo
        Q-TIME: 1767225600250
        Q-SIGN: 2b518e2b439c230e30a2a3fa0c99cd29c901ca15eb6d08e14f5930fb6140686b
      body: '{"symbol":"BTCUSDT","side":"BUY","size":"0.10","price":"65000.00","id":"demo-0001"}'
  - id: limit-without-price
    source: docs/orders#place
    operation: place_order
    with: {pair: BTC-USDT, type: LIMIT, side: buy, amount: 0.10, client_id: demo-0001}
    refused: price
""",
        "signatures": """signatures:
  - id: worked-get
    source: docs/auth#example
    recipe: rest
    http: GET https://api.quay.example/v1/fills?since=1767225600000
    fresh: {time: 1767225605000 ms}
    sends:
      http: GET https://api.quay.example/v1/fills?since=1767225600000
      headers:
        Q-KEY: demo
        Q-TIME: 1767225605000
        Q-SIGN: 4523dc3c01ecea5731869890a7c7da6cd25fd2df8e79da925dd8c3a9a2e8dcf8
""",
        "replies": """replies:
  - id: holdings
    source: docs/account#balances
    operation: balances
    body: '{"ok": true, "list": [{"coin": "BTC", "total": "0.50", "free": "0.40"}]}'
    needs: [list.0.coin, list.0.total]
    gives: [{balance: {asset: BTC, total: 0.50, available: 0.40}}]
  - id: slow-down
    source: docs/limits
    operation: balances
    http: 429
    headers: {Retry-After: 2}
    body: '{"ok": false, "code": 90, "text": "slow down"}'
    error: {meaning: rate_limited, code: 90, text: slow down, retry_after: 2}
  - id: placed-without-an-id
    source: docs/orders#place
    operation: place_order
    body: '{"ok": true, "order": {}}'
    unread: exchange_order_id
  - id: a-page-of-a-proxy
    source: docs/errors
    operation: place_order
    http: 502
    body: <html>
    unanswered: JSON
""",
        "errors": """errors:
  - id: refusals
    source: docs/errors
    operations: [place_order, cancel_order]
    body: '{"ok": false, "code": $code, "text": "sorry"}'
    text: sorry
    meanings: {insufficient_balance: [31], rejected: [32, 33], unlisted: [99]}
""",
        "frames": """frames:
  - id: order-filled
    source: docs/stream#orders
    socket: user
    frame: '{"topic": "orders", "data": {"id": 71, "ref": "demo-0001", "status": "done", "at": 1767225601000}}'
    is: message
    needs: [data.id, data.status]
    gives: [{order: {exchange_order_id: 71, client_id: demo-0001, state: filled, time: 1767225601000 ms}}]
  - id: their-ping
    source: docs/stream#ping
    socket: user
    frame: '{"ping": 5}'
    is: server_ping
    answer: '{"pong": 5}'
""",
        "sent": """sent:
  - id: subscribe
    source: docs/stream#books
    socket: public
    what: subscribe
    pairs: [BTC-USDT]
    frames: ['{"op": "subscribe", "books": ["BTCUSDT"]}']
  - id: ping
    source: docs/stream#ping
    socket: public
    what: ping
    protocol_ping: true
""",
        "books": """books:
  - id: joined-then-a-gap
    source: docs/stream#books
    socket: public
    pair: BTC-USDT
    steps:
      - frame: '{"topic": "book", "symbol": "BTCUSDT", "seq": 8, "bids": [["64990", "2"]], "asks": []}'
      - snapshot: '{"ok": true, "symbol": "BTCUSDT", "seq": 7, "bids": [["64990", "1"]], "asks": [["65010", "1"]]}'
        does: [load, change, go_live]
        book: {last_id: 8, bids: [[64990, 2]], asks: [[65010, 1]]}
      - frame: '{"topic": "book", "symbol": "BTCUSDT", "seq": 10, "bids": [], "asks": [["65010", "0"]]}'
        does: [withhold, ask_snapshot]
""",
        "survivors": """survivors:
  - change: "endpoints.balances.reply.balance.total: 'total' becomes 'total or none'"
    reason: the reader refuses a balance without a total in any case
""",
        "opinions": """opinions:
  - of: get_ticker:*
    differs: ["path: expected '/v1/stats'"]
    reason: both show the last price, and ours costs less
    source: https://docs.quay.example/market#ticker
  - of: create_market_buy_by_quote:*
    reason: market orders are sized in base, which the exchange takes for both sides
    source: https://docs.quay.example/orders#place
""",
    }
)
