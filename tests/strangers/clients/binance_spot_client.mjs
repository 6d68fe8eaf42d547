// @binance/spot: Binance's own client for node; REST, user events by its signed subscription, the book by a stream.

import { Spot } from "@binance/spot";

import { fills, funds, hearOrder, hearSide, steps } from "./binance_answers.mjs";
import { levels, place, run } from "./walk.mjs";

const keys = { apiKey: place.key, apiSecret: place.secret };
const at = (apiSecret) => new Spot({
  configurationRestAPI: { apiKey: place.key, apiSecret, basePath: place.http },
  configurationWebsocketAPI: { ...keys, wsURL: `${place.ws}/ws-api/v3` },
  configurationWebsocketStreams: { wsURL: place.ws },
});
const spot = at(place.secret);
const { symbol } = place;
const ask = async (name, request) => (await spot.restAPI[name](request)).data();

run({
  told: new Set(),
  heard: { bids: new Map(), asks: new Map() },
  time: async () => Number((await ask("time")).serverTime) / 1000,
  rules: async () => steps((await ask("exchangeInfo", { symbol })).symbols[0]),
  async book() {
    const { bids, asks } = await ask("depth", { symbol });
    return levels(bids, asks);
  },
  balances: async () => funds(await ask("getAccount")),
  async place(side, price, quantity) {
    const order = { symbol, side: side.toUpperCase(), type: "LIMIT", timeInForce: "GTC" };
    return String((await ask("newOrder", { ...order, price: Number(price), quantity: Number(quantity) })).orderId);
  },
  openOrders: async () => (await ask("getOpenOrders", { symbol })).map((row) => String(row.orderId)),
  cancel: (id) => ask("deleteOrder", { symbol, orderId: Number(id) }),
  fills: async (id) => fills(await ask("myTrades", { symbol, orderId: Number(id) })),
  async listenToOrders() {
    const connection = await spot.websocketAPI.connect();
    const { stream } = await connection.userDataStreamSubscribeSignature();
    stream.on("message", (event) => {
      if (event.e === "executionReport") hearOrder(this.told, event.i, event.X);
    });
  },
  async listenToBook() {
    const connection = await spot.websocketStreams.connect();
    connection.diffBookDepth({ symbol: place.streamSymbol, updateSpeed: "100ms" }).on("message", (event) => {
      hearSide(this.heard.bids, event.b);
      hearSide(this.heard.asks, event.a);
    });
    await new Promise((next) => setTimeout(next, 1000)); // it does not say when it is subscribed
  },
  askWithAWrongSecret: async () => (await at(place.wrongSecret).restAPI.getAccount()).data(),
});
