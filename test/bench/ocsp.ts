/** Cached OCSP answers by wrk, GET and POST, beside node:http that sends the same octets: median of several runs of each. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/hierarchy.js';
import { createRelyingParty } from '../support/service-files.js';
import { PACKAGE_ROOT } from '../support/service-home.js';
import { judge } from '../support/service-judges.js';
import type { BareAnswer } from './bare-server.js';

export const OCSP_CONNECTIONS = 64;

export type OcspFigures = {
  readonly method: 'GET' | 'POST';
  readonly answerBytes: number;
  /** Answers a second. */
  readonly rate: number;
  readonly bareRate: number;
  readonly p99: string;
};

type Requests = { readonly method: 'GET' | 'POST'; readonly file: string; readonly answer: BareAnswer };

export async function measureOcsp(
  publication: string,
  certificates: readonly string[],
  { runs, seconds }: { readonly runs: number; readonly seconds: number },
): Promise<readonly OcspFigures[]> {
  const ders = await requestsFor(publication, certificates);
  const figures: OcspFigures[] = [];
  for (const method of ['GET', 'POST'] as const) {
    const requests = await prepare(publication, method, ders);
    const bare = await startBareServer(requests.answer);
    const rates: Load[] = [];
    const bareRates: Load[] = [];
    // In turns, so that what else the machine does falls on both.
    for (let run = 0; run < runs; run += 1) {
      rates.push(runWrk(publication, requests.file, seconds));
      bareRates.push(runWrk(bare.url, requests.file, seconds));
    }
    bare.stop();
    const [ours, limit] = [middle(rates), middle(bareRates)];
    const answerBytes = Buffer.from(requests.answer.base64, 'base64').length;
    figures.push({ method, answerBytes, rate: ours.rate, bareRate: limit.rate, p99: ours.p99 });
  }
  return figures;
}

/** OCSP requests without a nonce, SHA-1 CertID, as OpenSSL writes them. */
async function requestsFor(publication: string, certificates: readonly string[]): Promise<readonly Buffer[]> {
  const party = createRelyingParty(publication);
  await party.fetchAll();
  const requests: Buffer[] = [];
  for (const certificate of certificates) {
    const file = party.write('one.pem', certificate);
    const out = party.path('one.req');
    const names = ['-issuer', party.path('aci-el-org.pem'), '-cert', file];
    const { status, output } = await judge('openssl', ['ocsp', '-no_nonce', ...names, '-reqout', out]);
    if (status !== 0) throw new Error(output);
    requests.push(readFileSync(out));
  }
  party.remove();
  return requests;
}

/** Writes what wrk asks, and asks each once: what is measured comes from the cache. */
async function prepare(publication: string, method: 'GET' | 'POST', ders: readonly Buffer[]): Promise<Requests> {
  const lines: string[] = [];
  let answer: BareAnswer | null = null;
  for (const der of ders) {
    const path = `/ocsp/${encodeURIComponent(der.toString('base64'))}`;
    lines.push(method === 'GET' ? path : der.toString('hex'));
    const headers = { 'content-type': 'application/ocsp-request' };
    const fetched = await (method === 'GET'
      ? fetch(publication + path)
      : fetch(`${publication}/ocsp`, { method, headers, body: Uint8Array.from(der) }));
    const bytes = Buffer.from(await fetched.arrayBuffer());
    if (fetched.status !== 200 || bytes.length < 100)
      throw new Error(`${method}: ${fetched.status}, ${bytes.length} octets`);
    answer ??= { base64: bytes.toString('base64'), headers: sentHeaders(fetched.headers) };
  }
  if (answer === null) throw new Error('no certificate to ask for');
  const file = join(await temporaryFolder('pfcng-ocsp-'), `${method}.txt`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { method, file, answer };
}

/** Those that a server writes itself; node:http adds the same ones to both. */
function sentHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)));
}

async function startBareServer(answer: BareAnswer): Promise<{ readonly url: string; readonly stop: () => void }> {
  const file = join(await temporaryFolder('pfcng-bare-'), 'answer.json');
  writeFileSync(file, JSON.stringify(answer));
  const entry = fileURLToPath(new URL('./bare-server.js', import.meta.url));
  const child = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(port.toString('utf8'))}`, stop: () => child.kill('SIGTERM') };
}

type Load = { readonly rate: number; readonly p99: string };

function runWrk(url: string, requests: string, seconds: number): Load {
  const script = join(PACKAGE_ROOT, 'test/bench/ocsp.lua');
  const args = ['-t1', `-c${OCSP_CONNECTIONS}`, `-d${seconds}s`, '--latency', '-s', script, url];
  const said = execFileSync('wrk', args, { encoding: 'utf8', env: { ...process.env, PFCNG_BENCH_REQUESTS: requests } });
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  return { rate: Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1] ?? 0), p99: /99% +(\S+)/.exec(said)?.[1] ?? '?' };
}

function middle(loads: readonly Load[]): Load {
  const found = [...loads].sort((a, b) => a.rate - b.rate)[Math.floor(loads.length / 2)];
  if (found === undefined) throw new Error('no run');
  return found;
}
