// What is wrong for who uses the window without eyes or mouse.

import axe from "axe-core";

const rules = { "color-contrast": { enabled: false } }; // jsdom has no colours: test/contrast.test.ts looks after them.

/** What axe finds in the whole document. */
export async function violations(): Promise<string[]> {
  document.documentElement.lang = "en";
  document.title = "Userfront Accounts";
  const result = await axe.run(document.documentElement, { rules });
  return result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`);
}
