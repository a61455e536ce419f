// Userfront's rule for passwords. It is shown but not enforced: the server decides, and test mode accepts
// weaker ones.

export interface PasswordRule {
  /** At least 16 characters. */
  readonly isLong: boolean;
  /** At least 8 characters, a letter and a number among them. */
  readonly isMixed: boolean;
  /** Whether one of the two holds. */
  readonly isMet: boolean;
}

/** Checks a password. Characters are code points; letters and numbers may be of any script. */
export function passwordRule(password: string): PasswordRule {
  const length = Array.from(password).length;
  const isLong = length >= 16;
  const isMixed = length >= 8 && /\p{L}/u.test(password) && /\p{N}/u.test(password);
  return { isLong, isMixed, isMet: isLong || isMixed };
}
