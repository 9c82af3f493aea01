/** The parameters of a query, each known, given once and not empty; `undefined` for any other query. */
export function readQuery(search: string, known: readonly string[]): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  if (search === "" || search === "?") {
    return values;
  }
  for (const pair of search.slice(1).split("&")) {
    const equals = pair.indexOf("=");
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decoded(pair.slice(equals + 1));
    if (name === undefined || !value || !known.includes(name) || values.has(name)) {
      return undefined;
    }
    values.set(name, value);
  }
  return values;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
