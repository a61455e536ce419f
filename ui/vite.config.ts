import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  build: {
    target: ["es2022", "safari16"],
    // The content security policy allows our own files and nothing else: no inlined assets, no injected
    // script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
