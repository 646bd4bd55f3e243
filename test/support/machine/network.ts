/**
 * Hosts with addresses of their own on one network of this machine: network namespaces, joined by
 * a bridge that is in a namespace too. Each namespace belongs to a process that reads a pipe of the
 * test. When the test ends, in whatever way, these processes end, and the kernel removes the
 * namespaces with their interfaces. Only root can make them.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './host.js';
import type { Person } from './unprivileged.js';

export type Network = {
  readonly addHost: (name: string) => Promise<Host>;
  /** An address that no host has yet. */
  readonly newAddress: () => string;
  /** Takes the address from the host that has it, and announces it from another one. */
  readonly moveAddress: (address: string, to: Host) => void;
  /** Packets between the two are lost from now on, in both directions and without an error. */
  readonly cut: (one: Host, other: Host) => void;
  /** Ends all cuts. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
};

const INTERFACE = 'eth0';
const NETWORKS_MAX = 64;
/** No host has this hardware address, so packets to it are lost. */
const NOWHERE = '02:00:00:00:00:01';

/**
 * Announces an address by a gratuitous ARP request (RFC 5944 4.6): the other hosts replace the
 * hardware address that they know for it.
 */
const ANNOUNCE = `
import socket, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(('${INTERFACE}', 0))
mac = link.getsockname()[4]
address = socket.inet_aton(sys.argv[1])
arp = bytes.fromhex('0001080006040001') + mac + address + bytes(6) + address
for _ in range(2): link.send(b'\\xff' * 6 + mac + b'\\x08\\x06' + arp)
`;

/** Why there can be no such network here; `null`: there can. */
export function networkObstacle(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make networks';
  const trial = ['--net', 'sh', '-c', 'ip link add name trial type bridge && ip link add one type veth peer name two'];
  return spawnSync('unshare', trial, { stdio: 'ignore' }).status === 0 ? null : 'this root may not make networks';
}

export async function createNetwork(): Promise<Network> {
  const keeper = await openNamespace();
  const number = takeNumber(keeper);
  const prefix = `10.231.${number}`;
  const root = `pfcng${number}`;
  ip(null, 'address', 'add', `${prefix}.1/24`, 'dev', root);
  ip(null, 'link', 'set', root, 'up');
  // Rules of this machine's firewall must not see what passes the bridge.
  ip(keeper, 'link', 'add', 'name', 'switch', 'type', 'bridge', 'nf_call_iptables', '0');
  ip(keeper, 'link', 'set', 'switch', 'up');
  attach(keeper, 'uplink');

  const keepers: ChildProcess[] = [keeper];
  const hosts = new Map<Host, { readonly keeper: ChildProcess; readonly addresses: Set<string> }>();
  const cuts = new Set<readonly [Host, Host]>();
  const lost = new Map<Host, ReadonlySet<string>>();
  let last = 1;
  const newAddress = (): string => {
    last += 1;
    return `${prefix}.${last}`;
  };
  const of = (host: Host) => {
    const found = hosts.get(host);
    if (found === undefined) throw new Error(`${host.name} is on another network`);
    return found;
  };

  async function addHost(name: string): Promise<Host> {
    const own = await openNamespace();
    keepers.push(own);
    const address = newAddress();
    const port = `port${last}`;
    ip(keeper, 'link', 'add', port, 'type', 'veth', 'peer', 'name', INTERFACE, 'netns', String(own.pid));
    attach(keeper, port);
    ip(own, 'link', 'set', 'lo', 'up');
    ip(own, 'address', 'add', `${address}/24`, 'dev', INTERFACE);
    ip(own, 'link', 'set', INTERFACE, 'up');
    const host: Host = { name, address, enter: (person = {}) => entering(own, person) };
    hosts.set(host, { keeper: own, addresses: new Set([address]) });
    return host;
  }

  /** Makes the neighbour tables of all hosts agree with the cuts. */
  function applyCuts(): void {
    for (const [host, { keeper: own }] of hosts) {
      const others = [...cuts].flatMap(([one, other]) => (one === host ? [other] : other === host ? [one] : []));
      const wanted = new Set(others.flatMap((other) => [...of(other).addresses]));
      const before = lost.get(host) ?? new Set();
      for (const address of before) if (!wanted.has(address)) ip(own, 'neighbour', 'delete', address, 'dev', INTERFACE);
      for (const address of wanted)
        ip(own, 'neighbour', 'replace', address, 'lladdr', NOWHERE, 'dev', INTERFACE, 'nud', 'permanent');
      lost.set(host, wanted);
    }
  }

  return {
    addHost,
    newAddress,
    moveAddress(address, to) {
      for (const { keeper: own, addresses } of hosts.values())
        if (addresses.delete(address)) ip(own, 'address', 'delete', `${address}/24`, 'dev', INTERFACE);
      const { keeper: own, addresses } = of(to);
      addresses.add(address);
      ip(own, 'address', 'add', `${address}/24`, 'dev', INTERFACE);
      applyCuts();
      const [command = '', ...args] = [...to.enter(), 'python3', '-c', ANNOUNCE, address];
      execFileSync(command, args);
    },
    cut(one, other) {
      cuts.add([one, other]);
      applyCuts();
    },
    heal() {
      cuts.clear();
      applyCuts();
    },
    async close() {
      for (const one of keepers.reverse()) await end(one);
    },
  };
}

/** The first process of a new namespace has it until its standard input ends. */
async function openNamespace(): Promise<ChildProcess> {
  const child = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  await once(child, 'spawn');
  const namespaceOf = (pid: number | 'self' | undefined) => readlinkSync(`/proc/${pid}/ns/net`);
  // It is in the namespace of the test until it has made its own.
  while (namespaceOf(child.pid) === namespaceOf('self')) await sleep(2);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.stdin?.end();
  await gone;
}

/** An interface of this name can exist only once, so each network gets another number. */
function takeNumber(keeper: ChildProcess): number {
  for (let number = 0; number < NETWORKS_MAX; number += 1) {
    const peer = ['type', 'veth', 'peer', 'name', 'uplink', 'netns', String(keeper.pid)];
    if (spawnSync('ip', ['link', 'add', `pfcng${number}`, ...peer], { stdio: 'ignore' }).status === 0) return number;
  }
  throw new Error(`there are ${NETWORKS_MAX} networks already`);
}

function attach(keeper: ChildProcess, port: string): void {
  ip(keeper, 'link', 'set', port, 'master', 'switch');
  ip(keeper, 'link', 'set', port, 'up');
}

/** `null`: in the namespace of the test. */
function ip(keeper: ChildProcess | null, ...args: readonly string[]): void {
  const [command = '', ...rest] = [...(keeper === null ? [] : entering(keeper, {})), 'ip', ...args];
  execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function entering({ pid }: ChildProcess, { uid, gid }: Person): readonly string[] {
  const user = uid === undefined ? [] : ['--setuid', String(uid)];
  const group = gid === undefined ? [] : ['--setgid', String(gid)];
  // What a killed test has started there ends with it.
  return ['setpriv', '--pdeathsig', 'KILL', 'nsenter', `--net=/proc/${pid}/ns/net`, ...user, ...group, '--'];
}
