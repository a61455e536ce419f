// The words of the first view. What the first view needs takes its words from here, and the rest from
// `index.ts`: so the other words are loaded later.

export * from "./account";
export * from "./activity";
export * from "./common";
export * from "./keys";
export * from "./lacks";
export * from "./tenant";
export * from "./time";
export * from "./views";
