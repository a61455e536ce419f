import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // Without this vitest takes Svelte's server build, which mounts nothing.
  resolve: { conditions: ["browser"] },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/setup.ts"],
    restoreMocks: true,
    // It leaves one processor free, which is half of two.
    maxWorkers: "100%",
    // axe looks at whole documents, and a busy machine takes its time.
    testTimeout: 30_000,
  },
});
