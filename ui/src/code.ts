// Codes of six digits, as they are typed and pasted.

/** How many digits a code has. */
export const CODE_LENGTH = 6;

/** Where the digits of other scripts begin: Arabic, Persian, Devanagari, full-width. */
const zeros = [0x660, 0x6f0, 0x966, 0xff10];

const westernized = (digit: string): string => {
  const point = digit.codePointAt(0) ?? 0;
  const zero = zeros.find((start) => point >= start && point < start + 10);
  return zero === undefined ? digit : String(point - zero);
};

/** The digits in a text, of whatever script, at most a code's. A whole code in it wins over other numbers beside it. */
export function digitsOf(text: string): string {
  const western = text.replace(/\p{Nd}/gu, westernized);
  const whole = /(?<!\d)(?:\d[\s\-–—]*){5}\d(?!\d)/u.exec(western)?.[0] ?? western;
  return whole.replace(/[^0-9]/g, "").slice(0, CODE_LENGTH);
}
