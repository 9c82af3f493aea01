const PREFIX_GROUPS = 4;
const GROUPS = 8;
const MAPPED_IPV4 = /^0:0:0:0:0:ffff:([0-9a-f]+):([0-9a-f]+)$/;

/**
 * The network that limits an anonymous client: the whole IPv4 address, or the first 64 bits of an IPv6 address, the
 * smallest allocation of a subscriber (RFC 6177). The server and nginx have the same rule; all are tested on
 * `model-store/fixtures/client-networks.json`.
 */
export function networkOf(address: string): string {
  const groups = groupsOf(address);
  if (groups === undefined) {
    return address;
  }
  const mapped = MAPPED_IPV4.exec(groups.join(":"));
  if (mapped !== null) {
    const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups.slice(0, PREFIX_GROUPS).join(":")}::/64`;
}

/** The eight groups of an IPv6 address; `undefined` for any other text. */
function groupsOf(address: string): string[] | undefined {
  const [bare = ""] = address.split("%");
  if (!bare.includes(":") || !URL.canParse(`http://[${bare}]/`)) {
    return undefined;
  }
  const [left = "", right] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  return [...head, ...Array<string>(GROUPS - head.length - tail.length).fill("0"), ...tail];
}
