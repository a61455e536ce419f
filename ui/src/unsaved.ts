// What would be lost by going elsewhere. Whoever holds something that is not saved guards it while it is there; whoever
// leads to another view goes by `leave`, which asks first.

type Go = () => void;
type Question = (go: Go) => void;

let question: Question | undefined;

/** Has `ask` decide about leaving, until what it answers with is called. */
export function guard(ask: Question): () => void {
  question = ask;
  return () => {
    if (question === ask) question = undefined;
  };
}

/** Goes, or has it asked whether to. */
export function leave(go: Go): void {
  if (question) question(go);
  else go();
}
