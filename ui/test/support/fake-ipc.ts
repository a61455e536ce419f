// The bridge with nobody on the other side: commands are counted and answer what the test says, snapshots
// come when the test sends them. Each function of src/ipc.ts has its fake.

import { type Mock, vi } from "vitest";
import type { Command } from "../../src/bindings/Command";
import type { Snapshot } from "../../src/bindings/Snapshot";
import type * as real from "../../src/ipc";

type Bridge = typeof real;

/** `log_out` → `logOut`. */
type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** Does not compile while a command has no function in src/ipc.ts. */
type Fakes = { readonly [Name in Camel<Command> | "onSnapshot"]: Mock<Bridge[Name]> };

const names = Object.keys(await vi.importActual<Bridge>("../../src/ipc"));

/** The fake of each function, to be reset before each test. */
const fakes = Object.fromEntries(names.map((name) => [name, vi.fn()])) as unknown as Fakes;

let listener: ((snapshot: Snapshot) => void) | undefined;
let revision = 0;

/** The calls on the bridge, in order. */
const order: string[] = [];

/** A bridge as it is at the start of a test. */
function reset(): void {
  listener = undefined;
  revision = 0;
  order.length = 0;
  for (const mock of Object.values<Mock>(fakes)) mock.mockReset().mockResolvedValue(undefined);
  fakes.picture.mockReset().mockResolvedValue(null);
  fakes.onSnapshot.mockReset().mockImplementation(async (take) => {
    order.push("listen");
    listener = take;
    return () => {
      listener = undefined;
    };
  });
  fakes.snapshot.mockReset();
}

/** The snapshot that the window starts with. */
function startWith(first: Snapshot): void {
  fakes.snapshot.mockImplementation(async () => {
    order.push("pull");
    revision = Math.max(revision, first.revision);
    return first;
  });
}

/** Sends a snapshot as it is. */
function sendAsIs(next: Snapshot): void {
  listener?.(next);
}

/** Sends a snapshot as the newest. */
function send(next: Snapshot): void {
  revision += 1;
  sendAsIs({ ...next, revision, accountsRevision: revision });
}

/** A promise to be settled by the test. */
function promised<T = void>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (why: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (why: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

export const fake = { ...fakes, order, reset, startWith, sendAsIs, send, promised };
