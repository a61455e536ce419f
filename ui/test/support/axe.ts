// Accessibility checks by axe.

import axe from "axe-core";

// jsdom has no colours; test/project/contrast.test.ts checks them.
const rules = { "color-contrast": { enabled: false } };

/** The violations that axe finds in the whole document. */
export async function violations(): Promise<string[]> {
  document.documentElement.lang = "en";
  document.title = "Userfront Accounts";
  const result = await axe.run(document.documentElement, { rules });
  return result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`);
}
