// ccxt for node: the same library in another language, with its own HTTP, JSON and websockets.

import { pro } from "ccxt";

import { exact, levels, place, run } from "./walk.mjs";

const turn = (urls) => (typeof urls === "string"
  ? urls.replace(/^(\w+):\/\/[^/]+/, (_, scheme) => (scheme.startsWith("ws") ? place.ws : place.http)).replace(/\/$/, "")
  : Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, turn(url)])));

async function at(secret, settings = {}) {
  const api = new pro[process.env.STRANGER_EXCHANGE]({ apiKey: place.key, secret, ...settings });
  api.urls.api = turn(api.urls.api);
  await api.loadHttpProxyAgent(); // what it needs for addresses without TLS
  await api.loadMarkets();
  return api;
}

const api = await at(place.secret, { number: String, newUpdates: true });
const books = await at(place.secret, { newUpdates: false }); // it keeps whole books in order, which takes numbers
const market = api.markets_by_id[place.symbol][0];
const { symbol } = market;
const names = Object.fromEntries([place.base, place.quote].map((asset) => [api.safeCurrencyCode(asset), asset]));
const forever = async (watch, hear) => {
  for (;;) hear(await watch());
};

run({
  told: new Set(),
  heard: { bids: new Map(), asks: new Map() },
  time: async () => (await api.fetchTime()) / 1000,
  rules: async () => [market.precision.price, market.precision.amount],
  async book() {
    const { bids, asks } = await api.fetchOrderBook(symbol, 100);
    return levels(bids, asks);
  },
  async balances() {
    const told = await api.fetchBalance();
    return Object.fromEntries(Object.entries(names).map(([name, asset]) => [asset, [told[name].total, told[name].used]]));
  },
  place: async (side, price, amount) => (await api.createOrder(symbol, "limit", side, amount, price)).id,
  openOrders: async () => (await api.fetchOpenOrders(symbol)).map((order) => order.id),
  cancel: (id) => api.cancelOrder(id, symbol),
  async fills(id) {
    const trades = (await api.fetchMyTrades(symbol)).filter((trade) => trade.order === id);
    return trades.map(({ price, amount, fee }) => [price, amount, fee.cost, names[fee.currency]]);
  },
  async listenToOrders() {
    const words = { open: "open", canceled: "canceled", closed: "filled" };
    forever(() => api.watchOrders(), (orders) => {
      for (const order of orders) if (order.status in words) this.told.add(`${order.id} ${words[order.status]}`);
    }).catch((error) => this.told.add(String(error)));
    await new Promise((next) => setTimeout(next, 1000)); // it does not say when it is subscribed
  },
  async listenToBook() {
    await new Promise((heard, failed) => {
      forever(() => books.watchOrderBook(symbol), (book) => {
        for (const side of ["bids", "asks"]) {
          const now = new Map(book[side].map(([price, size]) => [exact(price), exact(size)]));
          for (const price of this.heard[side].keys()) if (!now.has(price)) this.heard[side].set(price, 0n);
          for (const [price, size] of now) this.heard[side].set(price, size);
        }
        heard();
      }).catch(failed);
    });
  },
  async askWithAWrongSecret() {
    return (await at(place.wrongSecret)).fetchBalance();
  },
});
