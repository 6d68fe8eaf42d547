// Binance's answers in the walk's words, for the clients that give back the exchange's own JSON.

import { exact, plain } from "./walk.mjs";

const WORDS = { NEW: "open", CANCELED: "canceled", FILLED: "filled" };

// The steps of prices and sizes, of a symbol of the exchange information.
export function steps(symbol) {
  const filter = (type) => symbol.filters.find((each) => each.filterType === type);
  return [filter("PRICE_FILTER").tickSize, filter("LOT_SIZE").stepSize];
}

// The balances of an account: {asset: [total, held]}.
export function funds(account) {
  const total = (row) => plain(exact(row.free) + exact(row.locked));
  return Object.fromEntries(account.balances.map((row) => [row.asset, [total(row), row.locked]]));
}

// The fills among an account's trades.
export function fills(rows) {
  return rows.map((row) => [row.price, row.qty, row.commission, row.commissionAsset]);
}

// Add what a user event says of an order.
export function hearOrder(told, id, state) {
  if (state in WORDS) told.add(`${id} ${WORDS[state]}`);
}

// Add what changed on one side of a book.
export function hearSide(kept, rows) {
  for (const [price, size] of rows) kept.set(exact(price), exact(size));
}
