// Reads a JSON object as it is typed: indents it, or tells what is wrong and where.
//
// `JSON.parse` cannot serve: its messages differ between engines and often name no place, and it rewrites
// values (1.00 becomes 1, a long number a wrong one). This reader accepts what Rust accepts (RFC 8259), but
// not the same name twice in one object, since one of the two would be lost.

export type FaultKind =
  | "noObject"
  | "trailing"
  | "tooDeep"
  | "wrongQuote"
  | "badNumber"
  | "bareWord"
  | "endsBeforeValue"
  | "noValue"
  | "tooLarge"
  | "openText"
  | "lineBreak"
  | "tab"
  | "controlCharacter"
  | "backslash"
  | "halfCharacter"
  | "noName"
  | "sameName"
  | "noColon"
  | "endsBefore"
  | "noComma"
  | "extraComma";

/**
 * Lines and columns begin at 1; a column is a grapheme. `shown` is the part of the text that the words quote.
 */
export interface JsonFault {
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly kind: FaultKind;
  readonly shown?: string | undefined;
}

/** The object, indented, every value as it was written; or its first fault. An empty text is `{}`. */
export type Read =
  | { readonly pretty: string; readonly fault: null }
  | { readonly pretty: null; readonly fault: JsonFault };

/** As deep as Rust reads. */
const DEPTH = 127;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$.+-]+/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

class Stop extends Error {
  constructor(
    readonly at: number,
    readonly kind: FaultKind,
    readonly shown: string | undefined,
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
    if (this.#here() !== "{") throw this.#stop("noObject");
    const pretty = this.#pairs(1);
    this.#skip();
    if (this.#here() !== "") throw this.#stop("trailing");
    return pretty;
  }

  #here(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(): void {
    this.#take(SPACE);
  }

  /** Reads on past what the pattern matches here. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #stop(kind: FaultKind, shown?: string, at = this.#at): Stop {
    return new Stop(at, kind, shown);
  }

  #value(depth: number): string {
    const here = this.#here();
    if (depth > DEPTH) throw this.#stop("tooDeep", String(DEPTH));
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
      throw this.#stop("wrongQuote", undefined, start);
    }
    if (/^[-+.\d]/.test(word)) throw this.#stop("badNumber", word, start);
    if (word !== "") throw this.#stop("bareWord", word, start);
    throw this.#stop(here === "" ? "endsBeforeValue" : "noValue", undefined, start);
  }

  #finite(number: string, at: number): string {
    if (!Number.isFinite(Number(number))) throw this.#stop("tooLarge", undefined, at);
    return number;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const here = this.#here();
      if (here === "") throw this.#stop("openText", undefined, start);
      if (here === '"') break;
      if (here === "\n" || here === "\r") throw this.#stop("lineBreak");
      if (here < " ") throw this.#stop(here === "\t" ? "tab" : "controlCharacter");
      if (here !== "\\") this.#at += 1;
      else this.#escape();
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #escape(): void {
    const start = this.#at;
    const found = this.#take(ESCAPE);
    if (found === "") throw this.#stop("backslash");
    if (!/^\\u[dD][89a-fA-F]/.test(found)) return;
    const second = this.#take(ESCAPE);
    const isPair = /^\\u[dD][89abAB]/.test(found) && /^\\u[dD][c-fC-F]/.test(second);
    if (!isPair) throw this.#stop("halfCharacter", found, start);
  }

  #pairs(depth: number): string {
    const names = new Set<string>();
    return this.#list("{", "}", depth, () => {
      const start = this.#at;
      if (this.#here() !== '"') throw this.#stop("noName");
      const name = this.#string();
      const meant = JSON.parse(name) as string;
      if (names.has(meant)) throw this.#stop("sameName", name, start);
      names.add(meant);
      this.#skip();
      if (this.#here() !== ":") throw this.#stop("noColon", name);
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
        throw this.#stop(here === "" ? "endsBefore" : "noComma", close);
      }
      this.#at += 1;
      if (here === close) break;
      this.#skip();
      if (this.#here() === close) throw this.#stop("extraComma", close, at);
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
    return {
      pretty: null,
      fault: { at: thrown.at, line: lines.length, column, kind: thrown.kind, shown: thrown.shown },
    };
  }
}
