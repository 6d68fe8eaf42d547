// The walk of `walk.py` for clients of node: the same steps, the same questions, the same lines on stdout.
//
// - A client's script gives an object that answers in plain words: ids and money as texts, books as Maps of texts.
//   What the client has no way of doing throws NotOffered with what it lacks.
// - Money is added up as whole numbers of 10^-18, so that no digit is lost.

const PATIENCE = 10_000; // milliseconds that a stream has to tell a step
const PLACES = 18;
const WORTH = exact("200"); // of the quote asset, an order

export class NotOffered extends Error {}

// An amount as a whole number of 10^-18.
export function exact(text) {
  const [, sign, whole, rest = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(text));
  const number = BigInt(whole) * 10n ** 18n + BigInt(rest.slice(0, PLACES).padEnd(PLACES, "0"));
  return sign ? -number : number;
}

// The text of such a number.
export function plain(number) {
  const digits = String(number < 0n ? -number : number).padStart(PLACES + 1, "0");
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, "");
  return number < 0n ? `-${text}` : text;
}

const times = (a, b) => (a * b) / 10n ** 18n;
const stepped = (number, step) => (number / step) * step;
const env = (name) => process.env[`STRANGER_${name}`];

// Where the client trades: the exchange's address, the keys, and the exchange's names of what is traded.
export const place = {
  http: env("HTTP"), ws: env("WS"), key: env("KEY"), secret: env("SECRET"), wrongSecret: env("WRONG_SECRET"),
  refusal: env("REFUSAL"), symbol: env("SYMBOL"), streamSymbol: env("STREAM_SYMBOL"), base: env("BASE"),
  quote: env("QUOTE"),
};

// A book from rows that begin with price and size: Maps from price to size, both as numbers of 10^-18.
export function levels(bids, asks) {
  const side = (rows) => new Map(rows.map((row) => [exact(row[0]), exact(row[1])]));
  return { bids: side(bids), asks: side(asks) };
}

function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

async function until(condition) {
  const end = Date.now() + PATIENCE;
  while (!condition() && Date.now() < end) await new Promise((next) => setTimeout(next, 10));
}

const most = (prices) => [...prices].reduce((a, b) => (a > b ? a : b));
const least = (prices) => [...prices].reduce((a, b) => (a < b ? a : b));
const show = (value) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? plain(each) : each));

// What a step finds out is kept for those behind it. Funds are {asset: [total, held]}, fills [price, amount, fee, asset].
class Walk {
  constructor(client) {
    this.client = client;
    this.silent = {};
  }

  async time() {
    const away = Math.abs((await this.client.time()) - Date.now() / 1000);
    expect(away < 5, `its time is ${away} s away`);
  }

  async rules() {
    [this.priceStep, this.sizeStep] = (await this.client.rules()).map(exact);
    expect(this.priceStep > 0n && this.sizeStep > 0n, "a step is 0");
  }

  async book() {
    this.levels = await this.client.book();
    expect(most(this.levels.bids.keys()) < least(this.levels.asks.keys()), "a crossed book");
  }

  async balances() {
    this.before = await this.funds();
    const [total, held] = this.before[place.quote];
    expect(total > 10n * WORTH && held === 0n, show(this.before));
  }

  async placeResting() {
    for (const [stream, listen] of [["user stream", "listenToOrders"], ["book stream", "listenToBook"]]) {
      try {
        await this.client[listen]();
      } catch (lack) {
        if (!(lack instanceof NotOffered)) throw lack;
        this.silent[stream] = lack.message;
      }
    }
    this.price = most(this.levels.bids.keys()) + this.priceStep;
    if (this.price >= least(this.levels.asks.keys())) this.price -= this.priceStep;
    this.amount = stepped((WORTH * 10n ** 18n) / this.price, this.sizeStep);
    this.resting = await this.client.place("buy", plain(this.price), plain(this.amount));
    expect(this.resting, "no order id");
  }

  async openOrders() {
    const found = await this.client.openOrders();
    expect(show(found) === show([this.resting]), `open are ${found}, placed was ${this.resting}`);
    const [total, held] = (await this.funds())[place.quote];
    expect(held >= times(this.price, this.amount), "the order holds nothing");
    expect(total === this.before[place.quote][0], "the total changed");
  }

  async cancel() {
    const due = this.atPrice(this.amount); // waited for, or the level may come and go between two frames
    if (!("book stream" in this.silent)) await until(() => this.client.heard.bids.get(this.price) === due);
    await this.client.cancel(this.resting);
    expect((await this.client.openOrders()).length === 0, "the order is still open");
    expect(show(await this.funds()) === show(this.before), "cancelling does not free the funds");
  }

  async crossingFill() {
    const ask = least((await this.client.book()).asks.keys());
    const price = stepped((ask * 101n) / 100n, this.priceStep);
    this.amount = stepped((WORTH * 10n ** 18n) / price, this.sizeStep);
    this.crossing = await this.client.place("buy", plain(price), plain(this.amount));
    expect((await this.client.openOrders()).length === 0, "the order did not fill");
  }

  async myTrades() {
    const fills = (await this.client.fills(this.crossing)).map(([price, amount, fee, asset]) => (
      { price: exact(price), amount: exact(amount), fee: exact(fee), asset }));
    const amount = fills.reduce((sum, fill) => sum + fill.amount, 0n);
    expect(amount === this.amount, `${show(fills)} are not ${plain(this.amount)}`);
    expect(fills.every((fill) => fill.fee > 0n), `no fees: ${show(fills)}`);
    const total = (funds) => Object.fromEntries(Object.entries(funds).map(([asset, [sum]]) => [asset, sum]));
    const due = total(this.before);
    for (const fill of fills) {
      due[place.base] += fill.amount;
      due[place.quote] -= times(fill.price, fill.amount);
      due[fill.asset] -= fill.fee;
    }
    const now = total(await this.funds());
    expect(show(now) === show(due), `balances are ${show(now)}, the fills make ${show(due)}`);
  }

  async userStream() {
    this.speaks("user stream");
    const due = [`${this.resting} open`, `${this.resting} canceled`, `${this.crossing} filled`];
    await until(() => due.every((told) => this.client.told.has(told)));
    expect(due.every((told) => this.client.told.has(told)), `told ${[...this.client.told]}, due ${due}`);
  }

  async bookStream() {
    this.speaks("book stream");
    const due = this.atPrice(0n);
    const now = () => this.client.heard.bids.get(this.price);
    await until(() => now() === due);
    expect(now() === due, `${now() === undefined ? "nothing was told of it" : plain(now())}, due ${plain(due)}`);
  }

  async wrongSecret() {
    let answer;
    try {
      answer = show(await this.client.askWithAWrongSecret());
    } catch (error) {
      if (error instanceof NotOffered) throw error;
      answer = String(error.message ?? error);
    }
    expect(answer.includes(place.refusal), `answered ${answer.slice(0, 300)}`);
  }

  async funds() {
    const told = Object.entries(await this.client.balances()).map(([asset, funds]) => [asset, funds.map(exact)]);
    return Object.fromEntries(told.sort());
  }

  atPrice(amount) {
    return (this.levels.bids.get(this.price) ?? 0n) + amount;
  }

  speaks(stream) {
    if (stream in this.silent) throw new NotOffered(this.silent[stream]);
  }
}

const STEPS = [ // name, doing, the step that it needs
  ["time", "time", ""], ["rules", "rules", ""], ["book", "book", ""], ["balances", "balances", ""],
  ["place resting", "placeResting", "book"], ["open orders", "openOrders", "place resting"],
  ["cancel", "cancel", "place resting"], ["crossing fill", "crossingFill", "rules"],
  ["my trades", "myTrades", "crossing fill"], ["user stream", "userStream", "crossing fill"],
  ["book stream", "bookStream", "cancel"], ["wrong secret", "wrongSecret", ""],
];

async function timely(promise) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error("it took too long")), 3 * PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Walk with a client, and print what became of each step.
export async function run(client) {
  const walk = new Walk(client);
  const results = {};
  for (const [step, name, needs] of STEPS) {
    let why = "";
    results[step] = "ok";
    try {
      expect(!needs || results[needs] === "ok", `needs ${needs}`);
      await timely(walk[name]());
    } catch (error) {
      results[step] = error instanceof NotOffered ? "not offered" : "FAILED";
      why = String(error.message ?? error);
    }
    console.log(JSON.stringify({ step, result: results[step], why }));
  }
  process.exit(0); // clients keep sockets and timers
}
