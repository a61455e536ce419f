// Words for faults in a JSON object.

import type { JsonFault } from "../model/json";

export const faultPlace = ({ line, column }: JsonFault): string => `Line ${line}, column ${column}`;

export function faultWords({ kind, shown = "" }: JsonFault): string {
  switch (kind) {
    case "noObject":
      return "It has to be an object, which begins with {.";
    case "trailing":
      return "Something follows after the end of the object.";
    case "tooDeep":
      return `This is nested more than ${shown} deep.`;
    case "wrongQuote":
      return 'Text stands in straight double quotes: "…".';
    case "badNumber":
      return `JSON does not write a number like ${shown}.`;
    case "bareWord":
      return `Text stands in double quotes: "${shown}".`;
    case "endsBeforeValue":
      return "It ends too early: a value is missing.";
    case "noValue":
      return "A value is missing here.";
    case "tooLarge":
      return "This number is too large.";
    case "openText":
      return "The text that begins here does not end: its closing quote is missing.";
    case "lineBreak":
      return "A text ends on its line: its closing quote is missing, or a line break has to be \\n.";
    case "tab":
      return "A tab is written \\t.";
    case "controlCharacter":
      return "A control character is written \\u….";
    case "backslash":
      return "A backslash is written \\\\.";
    case "halfCharacter":
      return `${shown} is half a character.`;
    case "noName":
      return "A name in double quotes is missing here.";
    case "sameName":
      return `The name ${shown} is there twice.`;
    case "noColon":
      return `A colon is missing after the name ${shown}.`;
    case "endsBefore":
      return `It ends too early: ${shown} is missing.`;
    case "noComma":
      return `A comma or ${shown} is missing here.`;
    case "extraComma":
      return `This comma is too many: nothing follows it before ${shown}.`;
  }
}
