// binance-api-node: a client for node; user events by its signed subscription, the book by its stream of changes.

import { createRequire } from "node:module";

import { fills, funds, hearOrder, hearSide, steps } from "./binance_answers.mjs";
import { levels, place, run } from "./walk.mjs";

const Binance = createRequire(import.meta.url)("binance-api-node").default;

const at = (secret) => Binance({
  apiKey: place.key, apiSecret: secret, httpBase: place.http, wsBase: `${place.ws}/ws`, wsApi: `${place.ws}/ws-api/v3`,
});
const api = at(place.secret);
const { symbol } = place;

run({
  told: new Set(),
  heard: { bids: new Map(), asks: new Map() },
  time: async () => (await api.time()) / 1000,
  rules: async () => steps((await api.exchangeInfo({ symbol })).symbols[0]),
  async book() {
    const { bids, asks } = await api.book({ symbol });
    return levels(bids.map((row) => [row.price, row.quantity]), asks.map((row) => [row.price, row.quantity]));
  },
  balances: async () => funds(await api.accountInfo()),
  async place(side, price, quantity) {
    const placed = await api.order({ symbol, side: side.toUpperCase(), type: "LIMIT", price, quantity });
    return String(placed.orderId);
  },
  openOrders: async () => (await api.openOrders({ symbol })).map((row) => String(row.orderId)),
  cancel: (id) => api.cancelOrder({ symbol, orderId: Number(id) }),
  fills: async (id) => fills(await api.myTrades({ symbol, orderId: Number(id) })),
  async listenToOrders() {
    await api.ws.user((event) => {
      if (event.eventType === "executionReport") hearOrder(this.told, event.orderId, event.orderStatus);
    });
  },
  async listenToBook() {
    const heard = (rows) => rows.map((row) => [row.price, row.quantity]);
    await new Promise((opened) => {
      // it does not say when it is subscribed; the market trades nothing meanwhile
      api.ws.depth(symbol, (event) => {
        hearSide(this.heard.bids, heard(event.bidDepth));
        hearSide(this.heard.asks, heard(event.askDepth));
      });
      setTimeout(opened, 1000);
    });
  },
  askWithAWrongSecret: () => at(place.wrongSecret).accountInfo(),
});
