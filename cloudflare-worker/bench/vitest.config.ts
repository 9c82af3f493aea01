import { defineConfig } from "vitest/config";

// Runs in Node, which has workerd's engine: workerd's own clock does not advance during computation.
export default defineConfig({ test: { benchmark: { include: ["bench/*.bench.ts"] } } });
