// The bridge with nobody on the other side: commands are counted and answer what the test says, snapshots come when the
// test sends them. Named and typed like src/ipc.ts.

import { type Mock, vi } from "vitest";
import type { Snapshot } from "../src/bindings/Snapshot";
import type * as real from "../src/ipc";

let listener: ((snapshot: Snapshot) => void) | undefined;
let revision = 0;

/** What happened on the bridge, in order. */
export const order: string[] = [];

/** Every command, to be reset before each test. */
const commands: Mock<(...given: never[]) => Promise<void>>[] = [];

function command<F extends (...given: never[]) => Promise<void>>(): Mock<F> {
  const mock = vi.fn<F>();
  commands.push(mock as unknown as (typeof commands)[number]);
  return mock;
}

export const onSnapshot = vi.fn<typeof real.onSnapshot>();
export const snapshot = vi.fn<typeof real.snapshot>();
export const chooseTenant = command<typeof real.chooseTenant>();
export const changeTenant = command<typeof real.changeTenant>();
export const logIn = command<typeof real.logIn>();
export const chooseFactor = command<typeof real.chooseFactor>();
export const sendLink = command<typeof real.sendLink>();
export const sendCode = command<typeof real.sendCode>();
export const sendAgain = command<typeof real.sendAgain>();
export const confirmCode = command<typeof real.confirmCode>();
export const logInWithTotp = command<typeof real.logInWithTotp>();
export const logInWithBackupCode = command<typeof real.logInWithBackupCode>();
export const useLink = command<typeof real.useLink>();
export const followTestLink = command<typeof real.followTestLink>();
export const takeArrivedLink = command<typeof real.takeArrivedLink>();
export const ignoreArrivedLink = command<typeof real.ignoreArrivedLink>();
export const logInWithProvider = command<typeof real.logInWithProvider>();
export const openProviderAgain = command<typeof real.openProviderAgain>();
export const chooseSecondFactor = command<typeof real.chooseSecondFactor>();
export const showSignUp = command<typeof real.showSignUp>();
export const signUp = command<typeof real.signUp>();
export const signUpWith = command<typeof real.signUpWith>();
export const showForgottenPassword = command<typeof real.showForgottenPassword>();
export const sendResetLink = command<typeof real.sendResetLink>();
export const resetPassword = command<typeof real.resetPassword>();
export const leaveStep = command<typeof real.leaveStep>();
export const logInAgain = command<typeof real.logInAgain>();
export const showProfile = command<typeof real.showProfile>();
export const saveProfile = command<typeof real.saveProfile>();
export const changePassword = command<typeof real.changePassword>();
export const setUpTotp = command<typeof real.setUpTotp>();
export const confirmTotp = command<typeof real.confirmTotp>();
export const leaveTotp = command<typeof real.leaveTotp>();
export const saveBackupCodes = command<typeof real.saveBackupCodes>();
export const sendVerification = command<typeof real.sendVerification>();
export const confirmEmail = command<typeof real.confirmEmail>();
export const confirmPhone = command<typeof real.confirmPhone>();
export const leaveVerification = command<typeof real.leaveVerification>();
export const completeSamlLogIn = command<typeof real.completeSamlLogIn>();
export const completeSamlLogOut = command<typeof real.completeSamlLogOut>();
export const refresh = command<typeof real.refresh>();
export const logOut = command<typeof real.logOut>();
export const logOutAll = command<typeof real.logOutAll>();
export const logOutOnceUnlocked = command<typeof real.logOutOnceUnlocked>();
export const forget = command<typeof real.forget>();
export const retryRevocation = command<typeof real.retryRevocation>();
export const discardRevocation = command<typeof real.discardRevocation>();
export const takeOver = command<typeof real.takeOver>();
export const logOutForeign = command<typeof real.logOutForeign>();
export const leaveForeign = command<typeof real.leaveForeign>();
export const undoLeave = command<typeof real.undoLeave>();
export const replaceForeign = command<typeof real.replaceForeign>();
export const networkReturned = command<typeof real.networkReturned>();
export const switchAccount = command<typeof real.switchAccount>();
export const addAccount = command<typeof real.addAccount>();
export const leaveLogin = command<typeof real.leaveLogin>();
export const unlockKeyring = command<typeof real.unlockKeyring>();
export const retry = command<typeof real.retry>();
export const showAccounts = command<typeof real.showAccounts>();
export const showActivity = command<typeof real.showActivity>();
export const showSettings = command<typeof real.showSettings>();
export const leaveView = command<typeof real.leaveView>();
export const openFolder = command<typeof real.openFolder>();
export const exportActivity = command<typeof real.exportActivity>();
export const setProbe = command<typeof real.setProbe>();
export const openInBrowser = command<typeof real.openInBrowser>();
export const dismissNotice = command<typeof real.dismissNotice>();
export const picture = vi.fn<typeof real.picture>();

/** A bridge as it is at the start of a test. */
export function reset(): void {
  listener = undefined;
  revision = 0;
  order.length = 0;
  for (const mock of commands) mock.mockReset().mockResolvedValue(undefined);
  picture.mockReset().mockResolvedValue(null);
  onSnapshot.mockReset().mockImplementation(async (take) => {
    order.push("listen");
    listener = take;
    return () => {
      listener = undefined;
    };
  });
  snapshot.mockReset();
}

/** What the window finds when it starts. */
export function startWith(first: Snapshot): void {
  snapshot.mockImplementation(async () => {
    order.push("pull");
    revision = Math.max(revision, first.revision);
    return first;
  });
}

/** Sends a snapshot as it is. */
export function sendAsIs(next: Snapshot): void {
  listener?.(next);
}

/** Sends a snapshot as the newest. */
export function send(next: Snapshot): void {
  revision += 1;
  sendAsIs({ ...next, revision });
}

/** A promise to be settled by the test. */
export function promised(): { promise: Promise<void>; resolve: () => void; reject: (why: unknown) => void } {
  let resolve: () => void = () => {};
  let reject: (why: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
