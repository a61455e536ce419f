// JSON objects as they are typed: what is wrong with one and where, and the same one indented.
//
// The engine's own parser will not do: its messages differ, name no place everywhere, and what it reads it writes anew,
// which makes 1.0 of 1.00 and a wrong number of a long one. This one takes what Rust takes (RFC 8259), and two names that
// are the same in one object it does not take, since one of them would be lost.

/** What is wrong, and where. Lines and columns begin at 1; a column is what a reader takes for a character. */
export interface Fault {
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly words: string;
}

/** A text read as a JSON object: indented, every value as it was written; or what is wrong. Nothing at all is `{}`. */
export type Read = { readonly pretty: string; readonly fault: null } | { readonly pretty: null; readonly fault: Fault };

/** Rust reads no deeper. */
const DEPTH = 127;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$.+-]+/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

class Stop extends Error {
  constructor(
    readonly at: number,
    readonly words: string,
  ) {
    super();
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  object(): string {
    this.#skip();
    if (this.#here() === "") return "{}";
    if (this.#here() !== "{") throw this.#stop("It has to be an object, which begins with {.");
    const pretty = this.#pairs(1);
    this.#skip();
    if (this.#here() !== "") throw this.#stop("Something follows after the end of the object.");
    return pretty;
  }

  #here(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(): void {
    this.#take(SPACE);
  }

  /** What the pattern matches here, if anything. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #stop(words: string, at = this.#at): Stop {
    return new Stop(at, words);
  }

  #value(depth: number): string {
    const here = this.#here();
    if (depth > DEPTH) throw this.#stop(`This is nested more than ${DEPTH} deep.`);
    if (here === "{") return this.#pairs(depth);
    if (here === "[") return this.#items(depth);
    if (here === '"') return this.#string();
    const start = this.#at;
    const word = this.#take(WORD);
    if (word === "true" || word === "false" || word === "null") return word;
    this.#at = start;
    const number = this.#take(NUMBER);
    if (word !== "" && number === word) return this.#finite(number, start);
    if (here === "'" || here === "“" || here === "”" || here === "„") {
      throw this.#stop('Text stands in straight double quotes: "…".', start);
    }
    if (/^[-+.\d]/.test(word)) throw this.#stop(`JSON does not write a number like ${word}.`, start);
    if (word !== "") throw this.#stop(`Text stands in double quotes: "${word}".`, start);
    throw this.#stop(here === "" ? "It ends too early: a value is missing." : "A value is missing here.", start);
  }

  #finite(number: string, at: number): string {
    if (!Number.isFinite(Number(number))) throw this.#stop("This number is too large.", at);
    return number;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const here = this.#here();
      if (here === "") throw this.#stop("The text that begins here does not end: its closing quote is missing.", start);
      if (here === '"') break;
      if (here === "\n" || here === "\r") {
        throw this.#stop("A text ends on its line: its closing quote is missing, or a line break has to be \\n.");
      }
      if (here < " ")
        throw this.#stop(`A ${here === "\t" ? "tab is written \\t" : "control character is written \\u…"}.`);
      if (here !== "\\") this.#at += 1;
      else this.#escape();
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #escape(): void {
    const start = this.#at;
    const found = this.#take(ESCAPE);
    if (found === "") throw this.#stop("A backslash is written \\\\.");
    if (!/^\\u[dD][89a-fA-F]/.test(found)) return;
    const second = this.#take(ESCAPE);
    const isPair = /^\\u[dD][89abAB]/.test(found) && /^\\u[dD][c-fC-F]/.test(second);
    if (!isPair) throw this.#stop(`${found} is half a character.`, start);
  }

  #pairs(depth: number): string {
    const names = new Set<string>();
    return this.#list("{", "}", depth, () => {
      const start = this.#at;
      if (this.#here() !== '"') throw this.#stop("A name in double quotes is missing here.");
      const name = this.#string();
      const meant = JSON.parse(name) as string;
      if (names.has(meant)) throw this.#stop(`The name ${name} is there twice.`, start);
      names.add(meant);
      this.#skip();
      if (this.#here() !== ":") throw this.#stop(`A colon is missing after the name ${name}.`);
      this.#at += 1;
      this.#skip();
      return `${name}: ${this.#value(depth + 1)}`;
    });
  }

  #items(depth: number): string {
    return this.#list("[", "]", depth, () => this.#value(depth + 1));
  }

  #list(open: string, close: string, depth: number, one: () => string): string {
    const found: string[] = [];
    this.#at += 1;
    this.#skip();
    if (this.#here() === close) {
      this.#at += 1;
      return open + close;
    }
    for (;;) {
      found.push(one());
      this.#skip();
      const here = this.#here();
      const at = this.#at;
      if (here !== "," && here !== close) {
        throw this.#stop(
          here === "" ? `It ends too early: ${close} is missing.` : `A comma or ${close} is missing here.`,
        );
      }
      this.#at += 1;
      if (here === close) break;
      this.#skip();
      if (this.#here() === close) throw this.#stop(`This comma is too many: nothing follows it before ${close}.`, at);
    }
    const indent = "  ".repeat(depth);
    return `${open}\n${indent}${found.join(`,\n${indent}`)}\n${indent.slice(2)}${close}`;
  }
}

/** Reads a text as a JSON object. */
export function readObject(text: string): Read {
  try {
    return { pretty: new Reader(text).object(), fault: null };
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    const lines = text.slice(0, thrown.at).split(/\r\n|\r|\n/);
    const column = [...characters.segment(lines.at(-1) ?? "")].length + 1;
    return { pretty: null, fault: { at: thrown.at, line: lines.length, column, words: thrown.words } };
  }
}
