// Switching: one switch after the other, so that the account that was asked for last is shown. A switch is
// over when it is seen.

import { tick } from "svelte";
import * as ipc from "../ipc";
import type { Attempts } from "./attempts.svelte";
import { untilShown } from "./place";
import { leave } from "./unsaved";

const SWITCH = "switchAccount";
type Command = () => Promise<number>;
let wanted: Command | undefined;
let afterwards: (() => void) | undefined;

async function go(attempts: Attempts, command: Command): Promise<void> {
  wanted = command;
  if (attempts.isRunning(SWITCH)) return;
  while (wanted !== undefined) {
    const next: Command = wanted;
    wanted = undefined;
    await attempts.run(
      SWITCH,
      async () => {
        await untilShown(await next());
        await tick();
      },
      () => void go(attempts, next),
    );
  }
  const does = afterwards;
  afterwards = undefined;
  does?.();
}

/**
 * Shows an account, after the question about unsaved edits. The account in view is skipped, unless a switch
 * to another one is under way.
 */
export function switchTo(attempts: Attempts, account: string, current?: string): void {
  if (account === current && !attempts.isRunning(SWITCH)) return;
  leave(() => void go(attempts, () => ipc.switchAccount(account)));
}

/** Shows the account that was shown before. */
export const switchBack = (attempts: Attempts): void => leave(() => void go(attempts, ipc.switchBack));

/** Does what a key asks of the account in view: while another one comes, of that one. */
export function onceSwitched(attempts: Attempts, does: () => void): void {
  if (attempts.isRunning(SWITCH)) afterwards = does;
  else does();
}
