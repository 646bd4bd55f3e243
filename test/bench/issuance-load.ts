/**
 * Load on issuance, in a process of its own: `node issuance-load.js LOAD.json` keeps 32 requests under way over as many
 * mutual TLS connections for so many seconds and prints what it saw. Keys and requests are made before the clock starts.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { makeCsr, makeKey } from '../support/service-csr.js';
import { bodyOf } from '../support/service-orders.js';

export type Load = {
  readonly url: string;
  readonly trust: string;
  readonly certificate: string;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** So many requests are prepared; more than can be answered in time. */
  readonly prepared: number;
  /** Names in requests and idempotency keys begin with it. */
  readonly name: string;
};

export type LoadReport = {
  readonly issued: number;
  readonly other: number;
  readonly seconds: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of some of the certificates issued, for the OCSP load that follows. */
  readonly certificates: readonly string[];
};

const CERTIFICATES_KEPT = 200;

const load = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Load;

/** Sends what was prepared, `connections` at a time, until the time is up; only answers within it count. */
async function run(payloads: readonly string[]): Promise<LoadReport> {
  const { url, trust, certificate, key, connections, seconds } = load;
  const dispatcher = new Agent({ connections, pipelining: 1, connect: { ca: trust, cert: certificate, key } });
  const latencies: number[] = [];
  const certificates: string[] = [];
  let other = 0;
  let next = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  const send = async (): Promise<void> => {
    for (let at = next++; at < payloads.length && performance.now() < until; at = next++) {
      const sentAt = performance.now();
      const headers = { 'content-type': 'application/json', 'idempotency-key': `${load.name}-${at}` };
      const answer = await request(`${url}/v1/certificates`, {
        dispatcher,
        method: 'POST',
        headers,
        body: payloads[at] ?? '',
      });
      const text = await answer.body.text();
      if (performance.now() > until) return;
      if (answer.statusCode === 201) latencies.push(performance.now() - sentAt);
      else other += 1;
      if (answer.statusCode === 201 && certificates.length < CERTIFICATES_KEPT)
        certificates.push((JSON.parse(text) as { readonly certificate: string }).certificate);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  if (next > payloads.length + connections) throw new Error(`${payloads.length} prepared requests were not enough`);
  const took = Math.min(performance.now() - began, seconds * 1000) / 1000;
  await dispatcher.destroy();
  latencies.sort((a, b) => a - b);
  const quantile = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? 0;
  return {
    issued: latencies.length,
    other,
    seconds: took,
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    certificates,
  };
}

const payloads = Array.from({ length: load.prepared }, (_, at) => {
  const body = bodyOf('elementaire/org-auth-cli', makeCsr(makeKey()));
  const { structure } = body.holder as { readonly structure: object };
  return JSON.stringify({ ...body, holder: { kind: 'organisation', application: `${load.name}-${at}`, structure } });
});
await sleep(200);
process.stdout.write(JSON.stringify(await run(payloads)));
