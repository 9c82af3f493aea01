import "vitest";

declare module "vitest" {
  /** What `test-origin/global-setup.ts` hands to the tests. */
  interface ProvidedContext {
    /** The address of the origin that answers as a test tells it. */
    origin: string;
    /** The address of a real inference server, empty where none is built. */
    server: string;
    /** Whether one must be there, as in `make check`, which builds it. */
    serverRequired: boolean;
    /** How large the bundle is that would be deployed, bytes. */
    bundleBytes: number;
  }
}
