// Makes every size and format in `icons/` from `icons/icon.svg`: what the bundlers of Linux, macOS and
// Windows ask for, and none of what only phones and the Windows Store need.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const icons = fileURLToPath(new URL("../../icons/", import.meta.url));
const wanted = [
  "32x32.png",
  "64x64.png",
  "128x128.png",
  "128x128@2x.png",
  "icon.png",
  "icon.ico",
  "icon.icns",
];

const made = mkdtempSync(join(tmpdir(), "icons-"));
try {
  execFileSync("tauri", ["icon", join(icons, "icon.svg"), "--output", made], { stdio: "inherit" });
  for (const name of wanted) copyFileSync(join(made, name), join(icons, name));
} finally {
  rmSync(made, { recursive: true, force: true });
}
