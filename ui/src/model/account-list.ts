// The list of accounts as headings and rows of fixed heights, so that only those in sight are drawn.

import type { AccountRow } from "../bindings/AccountRow";

export const ROW = 54;
export const HEADING = 34;
/** How many accounts have a number to switch to them with. */
export const NUMBERED = 9;

export interface Heading {
  readonly kind: "heading";
  readonly key: string;
  /** The accounts below it. */
  readonly accounts: AccountRow[];
}

export interface Row {
  readonly kind: "row";
  readonly key: string;
  readonly account: AccountRow;
  /** Its place among the rows shown, from 0. */
  readonly place: number;
}

export type Item = Heading | Row;

/** Accounts with the same key stand under one heading. */
const groupOf = ({ pinned, apiHost, mode, tenantId }: AccountRow): string =>
  pinned ? "pinned" : `${apiHost} ${mode} ${tenantId}`;

/** The accounts with a heading above each group. They come in the order of the list. */
export function itemsOf(accounts: readonly AccountRow[]): Item[] {
  const items: Item[] = [];
  let group: Heading | undefined;
  for (const [place, account] of accounts.entries()) {
    const key = groupOf(account);
    if (group?.key !== key) {
      group = { kind: "heading", key, accounts: [] };
      items.push(group);
    }
    group.accounts.push(account);
    items.push({ kind: "row", key: account.id, account, place });
  }
  return items;
}

/** Where each item begins, in pixels, and the end of the last one. */
export function topsOf(items: readonly Item[]): number[] {
  const tops = [0];
  for (const { kind } of items) tops.push((tops.at(-1) ?? 0) + (kind === "row" ? ROW : HEADING));
  return tops;
}

/** The items between two heights: the first one, and the one after the last. */
export function inSight(tops: readonly number[], from: number, to: number): [number, number] {
  const count = tops.length - 1;
  /** The first item that ends below a height. */
  function at(height: number): number {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle + 1] ?? 0) > height) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  return [at(from), Math.min(count, at(to) + 1)];
}

/** A text for comparing: without case and accents. */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word of a query is in a folded text, in any order. */
export function matcher(query: string): (text: string) => boolean {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}
