/**
 * The process of flooding clients: `node flooding.js NAME CONNECTIONS`, with the target as JSON on
 * standard input. It writes a line when the clients have begun, and runs until it is killed.
 */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { FLOODS, type FloodKind, type FloodName, type FloodTarget } from './kinds.js';

/** A client that is refused tries again after this time. */
const AGAIN_MS = 5;

async function client({ once }: FloodKind, target: FloodTarget): Promise<never> {
  for (;;) {
    await once(target).catch(() => undefined);
    await sleep(AGAIN_MS);
  }
}

const [name, connections] = process.argv.slice(2);
const kind: FloodKind = FLOODS[name as FloodName];
const target = JSON.parse(await text(process.stdin)) as FloodTarget;
const clients = Array.from({ length: Number(connections) }, () => client(kind, target));
process.stdout.write('begun\n');
await Promise.all(clients);
