// How far a log-in is.

import type { LogInStep } from "./bindings/LogInStep";
import { factorKind } from "./factor";

/** Tells steps apart: a change of this is a change of what is asked. Sending once more, or another way to sign up, is not. */
export function stepKey(step: LogInStep): string {
  switch (step.kind) {
    case "firstFactor":
      if (factorKind(step) === "password") return "password";
      return `${step.kind} ${step.strategy}/${step.channel} ${step.providerId ?? ""}`;
    case "linkSent":
      return `${step.kind} ${step.purpose} ${step.email}`;
    case "codeSent":
      return `${step.kind} ${step.channel} ${step.address ?? ""}`;
    case "browser":
      return `${step.kind} ${step.provider}`;
    default:
      return step.kind;
  }
}
