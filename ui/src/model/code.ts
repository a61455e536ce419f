// Codes of six digits, as users type and paste them.

export const CODE_LENGTH = 6;

/** Unicode lists the ten digits of each script in order, so the distance to its zero is the digit. */
const westernized = (digit: string): string => {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
};

/** The first six digits of a text, in any script. A whole code is preferred to other numbers beside it. */
export function digitsOf(text: string): string {
  const western = text.replace(/\p{Nd}/gu, westernized);
  const whole = /(?<!\d)(?:\d[\s\-‐-―−－]*){5}\d(?!\d)/u.exec(western)?.[0] ?? western;
  return whole.replace(/[^0-9]/g, "").slice(0, CODE_LENGTH);
}
