/** Networks from which an account may send requests, in CIDR notation (RFC 4632, RFC 4291 2.3). */

type Address = { readonly bits: 32 | 128; readonly value: bigint };

/** `10.20.0.0/16`, `fd00::/8`. A prefix of 0 is refused, because it would allow everything. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== null;
}

/**
 * Whether an address is in one of these networks. An IPv4 address that a socket for both families
 * shows as `::ffff:10.20.0.1` counts as the IPv4 address. An address that is not one is in none.
 */
export function isInNetworks(networks: readonly string[], address: string): boolean {
  const asked = parseAddress(withoutMapping(address));
  if (asked === null) return false;
  return networks.some((text) => {
    const network = parseNetwork(text);
    if (network === null || network.bits !== asked.bits) return false;
    const shift = BigInt(network.bits - network.prefix);
    return asked.value >> shift === network.value >> shift;
  });
}

function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function parseNetwork(text: string): (Address & { readonly prefix: number }) | null {
  const [, address = '', prefix = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  if (parsed === null || Number(prefix) < 1 || Number(prefix) > parsed.bits) return null;
  return { ...parsed, prefix: Number(prefix) };
}

function parseAddress(text: string): Address | null {
  const numbers = text.includes(':') ? groupsOf(text) : octetsOf(text);
  if (numbers === null) return null;
  const [bits, width] = numbers.length === 8 ? ([128, 16n] as const) : ([32, 8n] as const);
  return { bits, value: numbers.reduce((value, number) => (value << width) | BigInt(number), 0n) };
}

/** The four octets of an IPv4 address; null: it is not one. */
function octetsOf(text: string): readonly number[] | null {
  const octets = text.split('.');
  const isAddress = octets.length === 4 && octets.every((one) => /^(0|[1-9]\d{0,2})$/.test(one) && Number(one) < 256);
  return isAddress ? octets.map(Number) : null;
}

/** The eight groups of an IPv6 address (RFC 4291 2.2); null: it is not one. */
function groupsOf(text: string): readonly number[] | null {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail] = halves;
  if (halves.length > 2) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  return groups.every((one) => /^[0-9a-fA-F]{1,4}$/.test(one)) ? groups.map((one) => Number.parseInt(one, 16)) : null;
}

/**
 * The range of addresses among which one client can choose its own: an IPv4 address, also where a
 * socket for both families shows it as `::ffff:192.0.2.1`, or the first 64 bits of an IPv6 address.
 */
export function networkOf(from: string): string {
  const address = withoutMapping(from);
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
