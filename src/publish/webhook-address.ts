/**
 * To which address an event may be sent. The URL of an endpoint names a host, and whoever answers
 * for its name chooses the address: without a rule, that could be a server of the internal network
 * (server-side request forgery).
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '../kernel/result.js';

export type ResolvedAddress = { readonly address: string; readonly family: 4 | 6 };

/** The blocks of the IANA special-purpose registries that are not global unicast (RFC 6890). */
const NOT_GLOBAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Within 2000::/3. Those that contain an IPv4 address could lead to any of the blocks above. */
const NOT_GLOBAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notGlobal = new BlockList();
for (const [network, prefix] of NOT_GLOBAL_IPV4) notGlobal.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_GLOBAL_IPV6) notGlobal.addSubnet(network, prefix, 'ipv6');
/** The only block that IANA has assigned for global unicast (RFC 4291 2.4). */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
const loopback = networkList(['127.0.0.0/8', '::1/128']);

/** `networks`: in CIDR notation, as `isNetwork` accepts it. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

export function isGlobalUnicast({ address, family }: ResolvedAddress): boolean {
  if (family === 4) return !notGlobal.check(address, 'ipv4');
  return globalIpv6.check(address, 'ipv6') && !notGlobal.check(address, 'ipv6');
}

export type AddressRule = {
  /** The networks in which addresses are allowed besides global ones. */
  readonly networks: BlockList;
  /** Unencrypted requests, which only development sends, do not leave the machine. */
  readonly isPlain: boolean;
};

export function isAllowed(resolved: ResolvedAddress, { networks, isPlain }: AddressRule): boolean {
  // An address with a zone (RFC 4007 11) is not of any list.
  if (resolved.address.includes('%')) return false;
  const isIn = (list: BlockList): boolean => list.check(resolved.address, resolved.family === 6 ? 'ipv6' : 'ipv4');
  return isPlain ? isIn(loopback) : isGlobalUnicast(resolved) || isIn(networks);
}

/** All addresses of a name, in the order of preference. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

type LookUp = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/**
 * A look-up takes one of the few threads that the database uses too, and a DNS server may be silent
 * for seconds. There are two, so that a name without an answer does not delay the other names.
 */
const LOOKUPS_MAX = 2;

/**
 * The resolver of the system. Simultaneous look-ups of a name are one: the many deliveries to an
 * endpoint whose name gets no answer would otherwise fill the queue that the other endpoints wait
 * in.
 */
export function createSystemResolver(
  lookUp: LookUp = (hostname) => lookup(hostname, { all: true }),
  lookUpsMax: number = LOOKUPS_MAX,
): Resolve {
  const sharedByName = new Map<string, Promise<readonly ResolvedAddress[]>>();
  const waiting: (() => void)[] = [];
  let active = 0;
  const find = async (hostname: string): Promise<readonly ResolvedAddress[]> => {
    if (active >= lookUpsMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else active += 1;
    try {
      return (await lookUp(hostname)).map(({ address, family }) => ({ address, family: familyOf(family) }));
    } finally {
      sharedByName.delete(hostname);
      const next = waiting.shift();
      // The next look-up takes the place of this one.
      if (next === undefined) active -= 1;
      else next();
    }
  };
  return (hostname) => {
    const shared = sharedByName.get(hostname) ?? find(hostname);
    sharedByName.set(hostname, shared);
    return shared;
  };
}

function familyOf(family: number): 4 | 6 {
  return family === 6 ? 6 : 4;
}

type AddressRefused = 'name-not-found' | 'address-refused';

/** The address for one connection: the first that is allowed. */
export async function addressFor(
  url: URL,
  rule: AddressRule,
  resolve: Resolve,
): Promise<Result<ResolvedAddress, AddressRefused>> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const literal = isIP(hostname);
  const addresses =
    literal === 0 ? await addressesOf(hostname, resolve) : [{ address: hostname, family: familyOf(literal) }];
  if (addresses.length === 0) return err('name-not-found');
  const allowed = addresses.find((one) => isAllowed(one, rule));
  return allowed === undefined ? err('address-refused') : ok(allowed);
}

async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly ResolvedAddress[]> {
  try {
    return await resolve(hostname);
  } catch {
    return [];
  }
}
