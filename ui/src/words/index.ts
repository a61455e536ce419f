// The catalogue: every word and sentence that users read or hear. A new language is a translation of this
// folder.
//
// `{name}` in a sentence is filled by `components/basic/Sentence.svelte`.

export { causeWords, factOf } from "./causes";
export * from "./errors";
export * from "./first";
export * from "./json";
export * from "./keyring";
export * from "./log-in";
export * from "./log-out-results";
export * from "./notices";
export * from "./pages";
export * from "./profile";
export * from "./status";
