"""Over real loopback: a living market, found by the exchange's name, with an account whose secret is a key in PEM."""

import base64
import time
from urllib.parse import urlencode

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from exconn.sandbox import Sandbox, load_dialect, read_accounts
from exconn.sandbox.serving import serve
from exconn.shipped import find


async def test_a_living_market_and_an_account_of_a_key_pair() -> None:
    path = find("binance", ".dialect.yaml")
    key = Ed25519PrivateKey.generate()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    lines = "\n".join(f"    {line}" for line in pem.splitlines())
    file = f"- name: eve\n  api_key: evekey\n  secret_key: |\n{lines}\n  balances: {{USDT: 1000}}\n"
    accounts = read_accounts(file.encode(), "accounts.yaml")
    dialect = load_dialect(path.read_bytes(), str(path))
    sandbox = Sandbox(dialect, accounts, now_ns=time.time_ns, token="t", life_every=0.01)
    async with serve(sandbox) as port, aiohttp.ClientSession() as session:
        base = f"127.0.0.1:{port}"
        async with session.ws_connect(f"ws://{base}/stream?streams=btcusdt@depth@100ms") as socket:
            frame = await socket.receive_json(timeout=5)
            assert (frame["stream"], frame["data"]["e"]) == ("btcusdt@depth@100ms", "depthUpdate")
        query = urlencode({"timestamp": time.time_ns() // 1_000_000})
        signature = urlencode({"signature": base64.b64encode(key.sign(query.encode())).decode()})
        url = f"http://{base}/api/v3/account?{query}&{signature}"
        async with session.get(url, headers={"X-MBX-APIKEY": "evekey"}) as reply:
            account = await reply.json()
            assert account["balances"] == [{"asset": "USDT", "free": "1000.00000000", "locked": "0.00000000"}]
