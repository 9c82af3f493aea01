/** The caller's own id when it is 1 to 128 visible ASCII characters, else a new one; the server has the same rule. */
export function requestIdOf(headers: Headers): string {
  const wished = headers.get("X-Request-Id");
  return wished !== null && /^[!-~]{1,128}$/.test(wished) ? wished : crypto.randomUUID().replaceAll("-", "");
}
