// Unsaved edits. A form with unsaved edits guards them; every way to another view goes through `leave`, which
// asks first.

type Go = () => void;
type Question = (go: Go) => void;

let question: Question | undefined;

/** Has `ask` decide about leaving, until the returned function is called. */
export function guard(ask: Question): () => void {
  question = ask;
  return () => {
    if (question === ask) question = undefined;
  };
}

/** Goes at once, or after the question. */
export function leave(go: Go): void {
  if (question) question(go);
  else go();
}
