/** What relying parties ask, by wrk; and node:http that sends the same octets, which is its limit. */
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

export type Method = 'GET' | 'POST';
export type Requests = { readonly method: Method; readonly file: string; readonly answer: BareAnswer };

/** Requests for the status of these certificates, each asked once: what is measured comes from the cache. */
export async function prepareOcsp(publication: string, certificates: readonly string[]): Promise<readonly Requests[]> {
  const ders = await requestsFor(publication, certificates);
  return [await prepare(publication, 'GET', ders), await prepare(publication, 'POST', ders)];
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

/** Writes what wrk asks. */
async function prepare(publication: string, method: Method, ders: readonly Buffer[]): Promise<Requests> {
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

export async function startBareServer(
  answer: BareAnswer,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const file = join(await temporaryFolder('pfcng-bare-'), 'answer.json');
  writeFileSync(file, JSON.stringify(answer));
  const entry = fileURLToPath(new URL('./bare-server.js', import.meta.url));
  const child = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(port.toString('utf8'))}`, stop: () => child.kill('SIGTERM') };
}

/** Answers a second. */
export type Answers = { readonly rate: number; readonly p99: string };

export function runWrk(url: string, requests: string, seconds: number): Answers {
  const script = join(PACKAGE_ROOT, 'test/bench/ocsp.lua');
  const args = ['-t1', `-c${OCSP_CONNECTIONS}`, `-d${seconds}s`, '--latency', '-s', script, url];
  const said = execFileSync('wrk', args, { encoding: 'utf8', env: { ...process.env, PFCNG_BENCH_REQUESTS: requests } });
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  return { rate: Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1] ?? 0), p99: /99% +(\S+)/.exec(said)?.[1] ?? '?' };
}
