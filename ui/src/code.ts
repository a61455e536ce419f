// Codes of six digits, as they are typed and pasted.

/** How many digits a code has. */
export const CODE_LENGTH = 6;

/** The digits of each script stand in a row, from its zero on. */
const westernized = (digit: string): string => {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
};

/** The digits in a text, of whatever script, at most a code's. A whole code in it wins over other numbers beside it. */
export function digitsOf(text: string): string {
  const western = text.replace(/\p{Nd}/gu, westernized);
  const whole = /(?<!\d)(?:\d[\s\-‐-―−－]*){5}\d(?!\d)/u.exec(western)?.[0] ?? western;
  return whole.replace(/[^0-9]/g, "").slice(0, CODE_LENGTH);
}
