// `npm run dev`: the window without Rust. Tauri is replaced by dev/ipc.ts; http://localhost:5173/dev/ lists
// the states.

import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const withoutRust: Plugin = {
  name: "without-rust",
  enforce: "pre",
  resolveId: (source) => (/^@tauri-apps\/api\/(core|event)$/.test(source) ? file("./ipc.ts") : undefined),
};

export default defineConfig({
  root: file(".."),
  plugins: [withoutRust, svelte({ configFile: file("../svelte.config.js") })],
  server: { port: 5173, strictPort: true, fs: { allow: [file("../..")] }, host: "localhost" },
});
