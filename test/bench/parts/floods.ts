/**
 * How long a revocation takes while 600 connections flood the service, and what the flood costs the
 * service in descriptors and memory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Client,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { pssMb } from '../../support/service/processes.js';
import type { Service } from '../../support/service/service.js';
import { FLOODS, type FloodName, type FloodTarget } from '../floods/kinds.js';
import { quantile } from '../statistics.js';
import { atMost, type Line } from '../table.js';
import { type Part, withService } from './part.js';

const CONNECTIONS = 600;
const P99_MS_MAX = 500;
/** The flood has its full strength before anything is measured. */
const WARM_UP_MS = 2_000;
const REVOCATIONS_A_SECOND = 20;

type Usage = { readonly descriptors: number; readonly mb: number };
type FloodFigures = { readonly times: readonly number[]; readonly before: Usage; readonly during: Usage };

function usageOf(service: Service): Usage {
  return { descriptors: readdirSync(`/proc/${service.pid()}/fd`).length, mb: pssMb(service.pid()) };
}

function targetOf(service: Service): FloodTarget {
  const addressOf = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const { api, publication } = service.urls;
  const account = credentialOf(service.at, 'card-management');
  return { api: addressOf(api), publication: addressOf(publication), account };
}

async function duringFlood<Value>(name: FloodName, target: FloodTarget, use: () => Promise<Value>): Promise<Value> {
  const program = fileURLToPath(new URL('../floods/flooding.js', import.meta.url));
  const child = spawn(process.execPath, [program, name, String(CONNECTIONS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  try {
    child.stdin.end(JSON.stringify(target));
    await once(child.stdout, 'data');
    await sleep(WARM_UP_MS);
    return await use();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function issue(cards: Client, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const body = () => bodyOf('elementaire/org-auth-cli');
  while (ids.length < count)
    ids.push((await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: body() })).id);
  return ids;
}

/** Revokes certificates at a steady rate, and returns the times in ms, ascending. */
async function revoke(officer: Client, ids: readonly string[]): Promise<readonly number[]> {
  const began = performance.now();
  const times = ids.map(async (id, at) => {
    await sleep(Math.max(0, began + (at * 1_000) / REVOCATIONS_A_SECOND - performance.now()));
    const asked = performance.now();
    await officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    return performance.now() - asked;
  });
  return (await Promise.all(times)).sort((a, b) => a - b);
}

function lineOf(title: string, { times, before, during }: FloodFigures): Line {
  const p99 = quantile(times, 0.99);
  const descriptors = `${during.descriptors} descriptors (${before.descriptors} before)`;
  const memory = `${during.mb.toFixed(0)} MB (${before.mb.toFixed(0)} before)`;
  return {
    what: `Revocation, p99, during ${title}`,
    figure: `${p99.toFixed(0)} ms; ${descriptors}, ${memory}`,
    limit: `${P99_MS_MAX} ms`,
    ...atMost(p99 / P99_MS_MAX, 1),
  };
}

export const measureFloods: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256' }, async (service) => {
    await service.start();
    const connection = { url: service.urls.api, trust: trustOf(service.at), judge: null };
    const as = (account: string) => createClient({ ...connection, credential: credentialOf(service.at, account) });
    const [cards, officer] = [as('card-management'), as('officer-1')];
    const revocations = effort.issuanceSeconds * REVOCATIONS_A_SECOND;
    const lines: Line[] = [];
    try {
      say('revocations without a flood');
      const usual = await revoke(officer, await issue(cards, revocations));
      const usage = usageOf(service);
      lines.push(lineOf('nothing else', { times: usual, before: usage, during: usage }));
      for (const [name, { title }] of Object.entries(FLOODS)) {
        say(`revocations during a flood: ${title}`);
        const ids = await issue(cards, revocations);
        const before = usageOf(service);
        const found = await duringFlood(name as FloodName, targetOf(service), async () => ({
          times: await revoke(officer, ids),
          during: usageOf(service),
        }));
        lines.push(lineOf(`a flood over ${CONNECTIONS} connections: ${title}`, { ...found, before }));
      }
    } finally {
      await Promise.all([cards.close(), officer.close()]);
    }
    return { lines };
  });
