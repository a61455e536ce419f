// What the palette offers for what was typed.

import fuzzysort from "fuzzysort";
import type { AccountRow } from "../../bindings/AccountRow";
import { tenantOf } from "../../model/snapshot";

/** How many accounts are offered at most. */
const OFFERED = 8;

/** A piece of a text, and whether it was typed. */
export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export interface Offer {
  readonly account: AccountRow;
  readonly name: Piece[];
  readonly place: Piece[];
}

const plain = (text: string): Piece[] => [{ text, hit: false }];

function pieces(result: Fuzzysort.Result | undefined, text: string): Piece[] {
  // A key that has no part in the match has an empty result.
  if (!result || result.indexes.length === 0) return plain(text);
  return result
    .highlight((hit): Piece => ({ text: hit, hit: true }))
    .map((piece) => (typeof piece === "string" ? { text: piece, hit: false } : piece));
}

/** What stands below an account's name. */
const placeOf = (account: AccountRow, heading: (account: AccountRow) => string): string =>
  [account.email ?? account.username, heading(account)].filter(Boolean).join(" · ");

/** The accounts that match best. Without a query, the first ones. */
export function offers(
  query: string,
  accounts: readonly AccountRow[],
  heading: (account: AccountRow) => string,
): Offer[] {
  if (query.trim() === "") {
    return accounts
      .slice(0, OFFERED)
      .map((account) => ({ account, name: plain(account.name), place: plain(placeOf(account, heading)) }));
  }
  const keys = [
    (account: AccountRow) => account.name,
    (account: AccountRow) => placeOf(account, heading),
    (account: AccountRow) => `${account.username ?? ""} ${account.tenantId} ${tenantOf(account)}`,
  ];
  return fuzzysort.go(query, accounts, { keys, limit: OFFERED, threshold: 0.2 }).map((found) => ({
    account: found.obj,
    name: pieces(found[0], found.obj.name),
    place: pieces(found[1], placeOf(found.obj, heading)),
  }));
}

/** The commands whose words match, the best first; all of them without a query. */
export function matching<Command extends { words: string }>(query: string, commands: Command[]): Command[] {
  if (query.trim() === "") return commands;
  return fuzzysort.go(query, commands, { key: "words", threshold: 0.4 }).map(({ obj }) => obj);
}
