import { defineConfig } from "vitest/config";

// In Node, on the same engine: workerd's clock stands still while it computes, so nothing there can be timed.
export default defineConfig({ test: { benchmark: { include: ["bench/*.bench.ts"] } } });
