import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: {
        bindings: {
          ORIGIN: inject("origin"),
          ORIGIN_KEY: "the-edge's-own-key",
          PURGE_SECRET: "a-secret-of-the-tests",
          API_KEYS: "{}",
          AUTH_MODE: "none",
        },
        // A quota that a test can exhaust.
        ratelimits: { LIMITER: { namespace_id: "1001", simple: { limit: 3, period: 60 } } },
      },
    })),
  ],
  test: {
    isolate: false,
    silent: "passed-only",
    globalSetup: "./test-origin/global-setup.ts",
    include: ["src/**/*.test.ts"],
  },
});
