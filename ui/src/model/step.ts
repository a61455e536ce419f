// The steps of a log-in.

import type { LogInStep } from "../bindings/LogInStep";
import { factorKind } from "./factor";

/** A key that changes with the step, but not when something is sent again or the way to sign up changes. */
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
