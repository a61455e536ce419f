// Words for what is one of several kinds.

export type Words = readonly [fact: string] | readonly [fact: string, next: string];
export type Kinds<Of extends { kind: string }> = {
  [Kind in Of["kind"]]: Words | ((of: Extract<Of, { kind: Kind }>) => Words);
};

/** The words for what is one of several kinds. */
export function wordsOf<Of extends { kind: string }>(kinds: Partial<Kinds<Of>>, of: Of): readonly string[] {
  const words = kinds[of.kind as Of["kind"]] as Words | ((of: Of) => Words) | undefined;
  return typeof words === "function" ? words(of) : (words ?? []);
}
