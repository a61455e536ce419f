// The commands that run in this window, and the last one that failed.
//
// Besides the typed text this is the window's only state. Two attempts of one name never run at once, so a
// double click is one command. The last failure is cleared by the next attempt, by a change of view, by an
// edit of the field it marks, and by the unlocking of the keyring it is about.

import { createContext } from "svelte";
import type { ErrorCode } from "../bindings/ErrorCode";
import { type Cause, causeOf } from "./failure";

/** A command that failed, or that lacks an input. */
export interface Failure extends Cause {
  readonly name: string;
  /** The field that lacks something, so that nothing was sent. Only this field shows the failure. */
  readonly lacks?: string;
  /** The account that was in view at the start. */
  readonly account?: string | undefined;
  /** The element that had the focus at the start. */
  readonly from: HTMLElement | null;
  /** Tries the same again. */
  readonly again: () => void;
}

/** The attempt to log an account out; all its buttons share it. */
export const logOutOf = (account: string): string => `logOut ${account}`;

export const LOG_OUT_SEVERAL = "logOutSeveral";

/** The attempt to refresh an account; the button and the keys share it. */
export const refreshOf = (account: string): string => `refresh ${account}`;

export const showProfileOf = (account: string): string => `showProfile ${account}`;

export class Attempts {
  /** The last failure, until it is cleared. */
  failure = $state.raw<Failure | null>(null);
  /** The account that is in view. */
  account = $state<string>();
  /** The accounts that were last to be logged out together. */
  several = $state.raw<readonly string[]>([]);
  #running = $state.raw<readonly string[]>([]);

  /** The last failure, if it is of one of these attempts. */
  failureOf(...names: string[]): Failure | null {
    return this.failure && names.includes(this.failure.name) ? this.failure : null;
  }

  isRunning(name: string): boolean {
    return this.#running.includes(name);
  }

  /** Runs a command unless one of that name is running. Returns null after success, else the failure. */
  async run(
    name: string,
    command: () => Promise<void>,
    again?: () => void,
  ): Promise<Failure | "busy" | null> {
    if (this.isRunning(name)) return "busy";
    this.#running = [...this.#running, name];
    this.failure = null;
    const from = document.activeElement;
    const account = this.account;
    try {
      await command();
      return null;
    } catch (thrown) {
      return this.tell(name, thrown, again ?? (() => void this.run(name, command)), from, account);
    } finally {
      this.#running = this.#running.filter((it) => it !== name);
    }
  }

  /** Records an exception as the last failure, and returns it. */
  tell(
    name: string,
    thrown: unknown,
    again: () => void,
    from: Element | null = null,
    account = this.account,
  ): Failure {
    const focused = from instanceof HTMLElement ? from : null;
    const failure = { ...causeOf(thrown), name, again, account, from: focused };
    // The account list shows the ended session of an account that is no longer in view.
    if (failure.code !== "sessionEnded" || account === this.account) this.failure = failure;
    return failure;
  }

  /** Records that a field lacks something; the command does not run. */
  lack(name: string, field: string, title: string): void {
    const cause = { code: "failed", error: title, detail: null, waitUntil: null } as const;
    this.failure = { ...cause, name, lacks: field, from: null, again: () => {} };
  }

  /** Clears the failure of a field that is being edited. */
  edited(): void {
    if (this.failure?.lacks !== undefined) this.failure = null;
  }

  /** Clears the last failure; with codes, only if it has one of them. */
  forget(...codes: ErrorCode[]): void {
    if (this.failure && (codes.length === 0 || codes.includes(this.failure.code))) this.failure = null;
  }
}

export const [useAttempts, provideAttempts] = createContext<Attempts>();
