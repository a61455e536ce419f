// The JSON reader: faults with their place, and indentation that keeps every value as written.

import { describe, expect, it } from "vitest";
import { readObject } from "../../src/model/json";
import { faultWords } from "../../src/words";

const place = (text: string): string | null => {
  const { fault } = readObject(text);
  return fault && `${fault.line}:${fault.column} ${faultWords(fault)}`;
};

describe("a valid JSON object", () => {
  it.each([
    ["", "{}"],
    [" \n\t", "{}"],
    ["{ }", "{}"],
    [
      '{"a":1,"b":[],"c":[1,{"d":{}}]}',
      '{\n  "a": 1,\n  "b": [],\n  "c": [\n    1,\n    {\n      "d": {}\n    }\n  ]\n}',
    ],
    [
      '{"å":"名 😀","ليلى":"\\u00e5\\n\\ud83d\\ude00"}',
      '{\n  "å": "名 😀",\n  "ليلى": "\\u00e5\\n\\ud83d\\ude00"\n}',
    ],
    ['{"t":true,"f":false,"n":null}', '{\n  "t": true,\n  "f": false,\n  "n": null\n}'],
  ])("%j is indented", (text, pretty) => {
    expect(readObject(text)).toEqual({ pretty, fault: null });
    expect(readObject(pretty).pretty).toBe(pretty);
  });

  it("keeps numbers as they are written, of any length", () => {
    const numbers = "[1.00,-0,12345678901234567890123,1e5,1.5E-3]";
    const { pretty } = readObject(`{"n":${numbers}}`);
    expect(pretty?.replace(/\s/g, "")).toBe(`{"n":${numbers}}`);
  });

  it("is read at any size", () => {
    const text = JSON.stringify(
      { note: "å".repeat(4096), list: Array.from({ length: 2000 }, (_, index) => index) },
      null,
      2,
    );
    expect(readObject(text).pretty).toBe(text);
  });
});

describe("a JSON fault has words and a place", () => {
  it.each([
    ["[]", "1:1 It has to be an object, which begins with {."],
    ["null", "1:1 It has to be an object, which begins with {."],
    ['{"a":1', "1:7 It ends too early: } is missing."],
    ['{"a":[1', "1:8 It ends too early: ] is missing."],
    ['{"a":', "1:6 It ends too early: a value is missing."],
    ['{\n  "a": 1\n  "b": 2\n}', "3:3 A comma or } is missing here."],
    ['{\n  "a": 1,\n}', "2:9 This comma is too many: nothing follows it before }."],
    ['{"a":[1,]}', "1:8 This comma is too many: nothing follows it before ]."],
    ["{a:1}", "1:2 A name in double quotes is missing here."],
    ['{"a" 1}', '1:6 A colon is missing after the name "a".'],
    ['{"a":}', "1:6 A value is missing here."],
    ["{\"a\":'x'}", '1:6 Text stands in straight double quotes: "…".'],
    ['{"a":“x”}', '1:6 Text stands in straight double quotes: "…".'],
    ['{"a":True}', '1:6 Text stands in double quotes: "True".'],
    ['{"a":NaN}', '1:6 Text stands in double quotes: "NaN".'],
    ['{"a":01}', "1:6 JSON does not write a number like 01."],
    ['{"a":.5}', "1:6 JSON does not write a number like .5."],
    ['{"a":+1}', "1:6 JSON does not write a number like +1."],
    ['{"a":1e999}', "1:6 This number is too large."],
    ['{"a":"x}', "1:6 The text that begins here does not end: its closing quote is missing."],
    [
      '{"a":"x\ny"}',
      "1:8 A text ends on its line: its closing quote is missing, or a line break has to be \\n.",
    ],
    ['{"a":"\t"}', "1:7 A tab is written \\t."],
    ['{"a":"\u0007"}', "1:7 A control character is written \\u…."],
    ['{"a":"C:\\x"}', "1:9 A backslash is written \\\\."],
    ['{"a":"\\ud83d"}', "1:7 \\ud83d is half a character."],
    ['{"a":1,"\\u0061":2}', '1:8 The name "\\u0061" is there twice.'],
    ['{"a":1} x', "1:9 Something follows after the end of the object."],
    ['\u00a0{"a":1}', "1:1 It has to be an object, which begins with {."],
  ])("%j", (text, said) => {
    expect(place(text)).toBe(said);
  });

  it("counts columns in graphemes", () => {
    expect(place('{"👩‍👩‍👧é名": yes}')).toBe('1:9 Text stands in double quotes: "yes".');
    expect(readObject('{"👩‍👩‍👧": x}').fault?.at).toBe('{"👩‍👩‍👧": '.length);
  });

  it("nests as deep as Rust reads", () => {
    const nested = (depth: number): string => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(place(nested(127))).toBeNull();
    expect(place(nested(128))).toContain("nested more than 127 deep");
  });

  it("accepts nothing that JSON.parse refuses", () => {
    const parts = ['"a"', ":", ",", "{", "}", "[", "]", "1", "-", "true", " ", "\\", '"', "e"];
    let seed = 7;
    const next = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed;
    };
    for (let round = 0; round < 4000; round += 1) {
      const some = Array.from({ length: 1 + (next() % 7) }, () => parts[next() % parts.length]);
      const text = `{"x":${some.join("")}}`;
      const { pretty } = readObject(text);
      if (pretty !== null) expect(JSON.parse(pretty), text).toEqual(JSON.parse(text));
      else expect(place(text), text).toMatch(/^\d+:\d+ \S/);
    }
  });
});
