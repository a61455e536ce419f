// The list of accounts as the user has narrowed it down: what is searched for, and what is selected.

import { createContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type { AccountRow } from "../bindings/AccountRow";
import type { Snapshot } from "../bindings/Snapshot";
import type { UnfinishedVerb } from "../bindings/UnfinishedVerb";
import { folded, itemsOf, matcher, NUMBERED, topsOf } from "../model/account-list";
import * as words from "../words/first";

/** Everything about an account that a search may name. */
const searchedOf = (account: AccountRow): string =>
  folded(
    [
      account.name,
      account.email,
      account.username,
      account.tenantName,
      account.tenantId,
      words.modes[account.mode],
      words.healthWords[account.health],
      ...account.roles.flatMap(({ roles }) => roles),
    ].join("\n"),
  );

export class AccountList {
  /** What is searched for. */
  query = $state("");
  /** The accounts that are selected to be logged out together. */
  readonly selected = new SvelteSet<string>();
  /** The account that the keyboard is at. */
  at = $state<string>();
  /** Where a selection with Shift begins. */
  #anchor: string | undefined;
  readonly #snapshot: () => Snapshot | null;

  constructor(snapshot: () => Snapshot | null) {
    this.#snapshot = snapshot;
    // An account that is logged in again later is not selected, nor one that waits to be logged out.
    $effect(() => {
      // Accounts that are hidden for now come back as they were.
      if (this.#snapshot()?.view.name === "covered") return;
      for (const id of [...this.selected])
        if (!this.byId.has(id) || this.#waiting.has(id)) this.selected.delete(id);
    });
  }

  readonly all = $derived.by(() => this.#snapshot()?.accounts ?? []);
  readonly #unfinished = $derived.by(() => this.#snapshot()?.unfinished ?? []);
  readonly byId = $derived(new Map(this.all.map((account) => [account.id, account])));
  readonly #searched = $derived(this.all.map(searchedOf));
  readonly shown = $derived.by(() => {
    if (this.query.trim() === "") return this.all;
    const matches = matcher(this.query);
    return this.all.filter((_, nth) => matches(this.#searched[nth] ?? ""));
  });
  readonly items = $derived(itemsOf(this.shown));
  readonly tops = $derived(topsOf(this.items));
  readonly #places = $derived(new Map(this.shown.map(({ id }, place) => [id, place])));
  readonly #numbers = $derived(new Map(this.all.slice(0, NUMBERED).map(({ id }, nth) => [id, nth + 1])));
  readonly #waiting = $derived(
    new Map<string, UnfinishedVerb>(this.#unfinished.map((row) => [row.account, row.verb])),
  );
  /** The selected accounts, in the order of the list. */
  readonly chosen = $derived(this.all.filter(({ id }) => this.selected.has(id)));

  /** The number that switches to an account: 1 to 9 for the first nine of the whole list. */
  numberOf(account: string): number | undefined {
    return this.#numbers.get(account);
  }

  /** The log-in or log-out of an account that waits to be finished. */
  waitingOf(account: string): UnfinishedVerb | undefined {
    return this.#waiting.get(account);
  }

  /** The place of an account among those shown; undefined if it is not shown. */
  placeOf(account: string | undefined): number | undefined {
    return account === undefined ? undefined : this.#places.get(account);
  }

  /** Adds an account to the selection, or removes it. */
  toggle(account: string): void {
    if (!this.selected.delete(account)) this.selected.add(account);
    this.#anchor = account;
  }

  /** Selects the rows from the last one that was chosen to this one. */
  extendTo(account: string, from: string | undefined): void {
    const anchor = this.placeOf(this.#anchor) ?? this.placeOf(from);
    const end = this.placeOf(account);
    if (end === undefined) return;
    this.#anchor = this.shown[anchor ?? end]?.id;
    this.selected.clear();
    const [first, last] = [Math.min(anchor ?? end, end), Math.max(anchor ?? end, end)];
    for (const { id } of this.shown.slice(first, last + 1)) this.selected.add(id);
  }

  selectAll(): void {
    for (const { id } of this.shown) this.selected.add(id);
  }

  clear(): void {
    this.selected.clear();
    this.#anchor = undefined;
  }
}

export const [useAccountList, provideAccountList] = createContext<AccountList>();
