// The commands that are under way in this window, and the last one that failed.
//
// This and what is being typed is all the state that the window has of its own. Two attempts of one name never run at
// once: a double click is one command. The last failure goes when anything is tried again, when the view changes, when
// what it marks is edited, and when the keyring it complains about is unlocked.

import { createContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type { ErrorCode } from "./bindings/ErrorCode";
import type { IpcError } from "./bindings/IpcError";
import { toIpcError } from "./failure";

/** A command that did not do its work, or was not given what it needs. */
export interface Failure {
  /** The attempt's name. */
  readonly name: string;
  readonly error: IpcError;
  /** The field that lacks something, so that nothing was sent. That field tells it, and nobody else. */
  readonly lacks?: string;
  /** What that field says. */
  readonly words?: string;
  /** Until when the server wants to be left alone. */
  readonly waitUntil: number | null;
  /** The account that was in view when it was begun. */
  readonly account?: string | undefined;
  /** What had the focus when it was begun. */
  readonly from: HTMLElement | null;
  /** Does the same once more. */
  readonly again: () => void;
}

/** The name of the attempt to log an account out, which all its buttons share. */
export const logOutOf = (account: string): string => `logOut ${account}`;

/** The name of the attempt to log every account out. */
export const LOG_OUT_ALL = "logOutAll";

/** The name of the attempt to show an account's own details. */
export const showProfileOf = (account: string): string => `showProfile ${account}`;

export class Attempts {
  /** The last failure, until it no longer holds. */
  failure = $state.raw<Failure | null>(null);
  /** The account that is in view. */
  account = $state<string>();
  readonly #running = new SvelteSet<string>();

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  /** Runs a command unless one of that name is running. Answers null when it did its work, else why it did not. */
  async run(name: string, command: () => Promise<void>, again?: () => void): Promise<IpcError | "busy" | null> {
    if (this.#running.has(name)) return "busy";
    this.#running.add(name);
    this.failure = null;
    const from = document.activeElement;
    const account = this.account;
    try {
      await command();
      return null;
    } catch (thrown) {
      return this.tell(name, thrown, again ?? (() => void this.run(name, command)), from, account);
    } finally {
      this.#running.delete(name);
    }
  }

  /** Shows what was thrown as the last failure, and answers with it. */
  tell(
    name: string,
    thrown: unknown,
    again: () => void,
    from: Element | null = null,
    account = this.account,
  ): IpcError {
    const error = toIpcError(thrown);
    const waitUntil = typeof error.retryAfter === "number" ? Date.now() / 1000 + error.retryAfter : null;
    // Of an account that the window has left, its own list says how it is.
    if (error.code === "sessionEnded" && account !== this.account) return error;
    this.failure = { name, error, waitUntil, again, account, from: from instanceof HTMLElement ? from : null };
    return error;
  }

  /** Says what a field lacks, in place of running the command. */
  lack(name: string, field: string, words: string): void {
    const error: IpcError = {
      code: "failed",
      cause: { kind: "internal" },
      context: [],
      detail: null,
      retryAfter: null,
    };
    this.failure = { name, error, lacks: field, words, waitUntil: null, from: null, again: () => {} };
  }

  /** A field was edited: what it lacked is being given. */
  edited(): void {
    if (this.failure?.lacks !== undefined) this.failure = null;
  }

  /** Forgets the last failure; with codes, only if it has one of them. */
  forget(...codes: ErrorCode[]): void {
    if (this.failure && (codes.length === 0 || codes.includes(this.failure.error.code))) this.failure = null;
  }
}

export const [useAttempts, provideAttempts] = createContext<Attempts>();
