// The catalogue: every word and sentence that users read or hear. A new language is a translation of this
// folder.
//
// `{name}` in a sentence is filled by `components/basic/Sentence.svelte`.

export * from "./account";
export * from "./activity";
export { causeWords, factOf } from "./causes";
export * from "./common";
export * from "./errors";
export * from "./json";
export * from "./keyring";
export * from "./keys";
export * from "./log-in";
export * from "./log-out-results";
export * from "./notices";
export * from "./profile";
export * from "./status";
export * from "./time";
export * from "./views";
