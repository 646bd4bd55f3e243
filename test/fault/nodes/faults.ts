/** The faults of an installation of three nodes and two database servers: one list. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { rawDatabase } from '../../support/db/raw.js';
import type { Installation, Node } from './installation.js';

export type Fault = {
  /** What happens, as the title of its test. */
  readonly title: string;
  /** `npm test` has it too, and not the night alone. */
  readonly isUsual: boolean;
  /** The node whose clock is wrong meanwhile. `null`: none. */
  readonly wrongClock: number | null;
  readonly strike: (installation: Installation) => Promise<void>;
  /** Called when the fault has lasted for its time. */
  readonly repair: (installation: Installation) => Promise<void>;
};

const CLOCK_MS = 90 * SECOND_MS;
/** Some jobs have their leases for milliseconds. */
const HOLDER_MS_MAX = 60 * SECOND_MS;
const LOOK_EVERY_MS = 5;
const HOLDERS_SQL = `select publication_url as url from leases join runs on runs.run = leases.holder
  where ended_at is null and held_until > 1000 * extract(epoch from clock_timestamp())`;
const NOTHING = { isUsual: false, wrongClock: null } as const;

function wrongClock(aheadMs: number): Fault {
  return {
    title: `the clock of a node is ${Math.abs(aheadMs) / SECOND_MS} s ${aheadMs > 0 ? 'ahead' : 'behind'}`,
    isUsual: false,
    wrongClock: 1,
    strike: async ({ nodes }) => nodes[1].setClock(aheadMs),
    repair: async ({ nodes }) => nodes[1].setClock(0),
  };
}

function killedHolder(): Fault {
  let killed: Node | null = null;
  return {
    ...NOTHING,
    title: 'the holder of a lease is killed',
    async strike(installation) {
      killed = await killHolder(installation);
    },
    async repair() {
      await killed?.service.start();
    },
  };
}

/** Kills the first node that has a lease. It is stopped, so that it cannot give the lease back. */
async function killHolder({ databases, nodes }: Installation): Promise<Node> {
  const raw = await rawDatabase(databases.database);
  const holders = async () => (await raw.all(HOLDERS_SQL)).map(({ url }) => url);
  try {
    for (const end = performance.now() + HOLDER_MS_MAX; performance.now() < end; ) {
      const [url] = await holders();
      const holder = nodes.find(({ service }) => service.urls.publication === url);
      if (holder === undefined) {
        await sleep(LOOK_EVERY_MS);
        continue;
      }
      process.kill(holder.service.pid(), 'SIGSTOP');
      if (!(await holders()).includes(url)) process.kill(holder.service.pid(), 'SIGCONT');
      else {
        await holder.service.killEverything();
        return holder;
      }
    }
    throw new Error('no node has had a lease');
  } finally {
    await raw.close();
  }
}

export const FAULTS: readonly Fault[] = [
  {
    ...NOTHING,
    title: 'a node is killed',
    strike: ({ nodes }) => nodes[1].service.killEverything(),
    repair: async ({ nodes }) => void (await nodes[1].service.start()),
  },
  killedHolder(),
  {
    ...NOTHING,
    title: 'the primary is killed and the standby is promoted',
    isUsual: true,
    async strike({ databases }) {
      await databases.primary().server.end('kill');
      await databases.promote();
    },
    repair: ({ databases }) => databases.rejoin(),
  },
  {
    ...NOTHING,
    title: 'a node cannot reach the database',
    async strike({ network, databases, nodes }) {
      for (const { host } of [databases.primary(), databases.standby()]) network.cut(nodes[1].host, host);
    },
    repair: async ({ network }) => network.heal(),
  },
  {
    ...NOTHING,
    title: 'the primary cannot reach the standby',
    strike: async ({ network, databases }) => network.cut(databases.primary().host, databases.standby().host),
    repair: async ({ network }) => network.heal(),
  },
  {
    ...NOTHING,
    title: 'a node stands still',
    strike: async ({ nodes }) => signalAll(nodes[1].service.tree(), 'SIGSTOP'),
    repair: async ({ nodes }) => signalAll(nodes[1].service.tree(), 'SIGCONT'),
  },
  {
    ...NOTHING,
    title: 'one node after the other is restarted',
    async strike({ nodes }) {
      for (const { service } of nodes) {
        await service.stop();
        await service.start();
      }
    },
    repair: async () => undefined,
  },
  wrongClock(CLOCK_MS),
  wrongClock(-CLOCK_MS),
];

function signalAll(tree: readonly { readonly pid: number }[], signal: NodeJS.Signals): void {
  assert.ok(tree.length > 1);
  for (const { pid } of tree) process.kill(pid, signal);
}
