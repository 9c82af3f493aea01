import "vitest";

declare module "vitest" {
  /** The values that `test-origin/global-setup.ts` provides. */
  interface ProvidedContext {
    /** The URL of the test origin. */
    origin: string;
    /** The URL of a real inference server, empty where none is built. */
    server: string;
    /** Whether the tests require a server, as in `make check`. */
    serverRequired: boolean;
    /** The size of the deployable bundle in bytes. */
    bundleBytes: number;
  }
}
