// Userfront's rule for passwords. It is shown while one types and forbids nothing: the server decides, and in test mode it
// takes weaker ones.

export interface PasswordRule {
  /** At least 16 characters. */
  readonly isLong: boolean;
  /** At least 8 characters, a letter and a number among them. */
  readonly isMixed: boolean;
  /** Either is enough. */
  readonly isMet: boolean;
}

/** What a password has of the rule. Characters are Unicode's code points, letters and numbers those of any script. */
export function passwordRule(password: string): PasswordRule {
  const length = Array.from(password).length;
  const isLong = length >= 16;
  const isMixed = length >= 8 && /\p{L}/u.test(password) && /\p{N}/u.test(password);
  return { isLong, isMixed, isMet: isLong || isMixed };
}
