/**
 * Three nodes and two PostgreSQL servers, each on a host of its own. The nodes have signers of
 * their own on copies of the tokens, and clocks that a test sets.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabasePair, type DatabasePair } from '../../support/db/postgresql-pair.js';
import type { Host } from '../../support/machine/host.js';
import { createNetwork, type Network } from '../../support/machine/network.js';
import {
  configure,
  makeServiceHome,
  nodeHome,
  PACKAGE_ROOT,
  removeServiceHome,
  type ServiceHome,
} from '../../support/service/home.js';
import { isAlive } from '../../support/service/processes.js';
import { createPreparedService, createService, type Service } from '../../support/service/service.js';

export type Node = {
  readonly at: ServiceHome;
  readonly host: Host;
  readonly service: Service;
  /** The difference of its clock from the machine's. */
  readonly setClock: (aheadMs: number) => void;
  /** Starts it again, as its unit does, if it has stopped because others have ended its run. */
  readonly revive: () => Promise<void>;
};

export type Installation = {
  readonly network: Network;
  readonly databases: DatabasePair;
  readonly nodes: readonly [Node, Node, Node];
  readonly remove: () => Promise<void>;
};

/** All nodes run when it resolves. */
export async function createInstallation(): Promise<Installation> {
  const undo: (() => Promise<void> | void)[] = [];
  const remove = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const network = await createNetwork();
    undo.push(network.close);
    const databases = await createDatabasePair(network);
    undo.push(databases.remove);
    const homes = await makeHomes(network, databases);
    undo.push(() => homes.forEach(removeServiceHome));
    const [one, two, three] = homes.map(nodeOf);
    assert.ok(one && two && three);
    const nodes = [one, two, three] as const;
    for (const { service } of nodes) undo.push(service.killEverything);
    // One after the other: together they are thirty processes.
    for (const { service } of nodes) await service.start();
    return { network, databases, nodes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeHomes(network: Network, { database }: DatabasePair): Promise<readonly ServiceHome[]> {
  const first = await makeServiceHome('p-256', { database, host: await network.addHost('node-1') });
  // The first start issues the development credentials, which all nodes have.
  await createPreparedService(first);
  const homes = [first];
  for (const name of ['node-2', 'node-3']) homes.push(await nodeHome(first, await network.addHost(name)));
  const addressOf = ({ host, ports }: ServiceHome) => `http://${host?.address}:${ports.publication}`;
  for (const at of homes) configure(at, { advertise: { publication: addressOf(at) } });
  return homes;
}

function nodeOf(at: ServiceHome): Node {
  const clockFile = join(at.folder, 'clock-ms');
  const setClock = (aheadMs: number): void => writeFileSync(clockFile, String(aheadMs));
  setClock(0);
  const preload = pathToFileURL(join(PACKAGE_ROOT, 'dist/test/support/machine/clock-preload.js'));
  preload.search = encodeURIComponent(clockFile);
  assert.ok(at.host);
  const service = createService(at, ['--import', preload.href]);
  const revive = async (): Promise<void> => {
    if (isAlive(service.pid())) return;
    assert.match(service.said(), /run-ended: other nodes have ended this run/);
    await service.start();
  };
  return { at, host: at.host, setClock, service, revive };
}
