/**
 * What relying parties ask, by wrk; and node:http that sends the same octets, which is its limit.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explicit, octetString, oid, seq } from '../../src/asn1/der-writer.js';
import { OID } from '../../src/asn1/oids.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { readOcspRequest } from '../../src/ocsp/request.js';
import { algorithmIdentifierDer } from '../../src/x509/keys/algorithms.js';
import type { SignatureAlgorithm } from '../../src/x509/model.js';
import { temporaryFolder } from '../support/ceremony/hierarchy.js';
import { createRelyingParty } from '../support/service/files.js';
import { PACKAGE_ROOT } from '../support/service/home.js';
import { judge } from '../support/service/judges.js';
import type { BareAnswer } from './peers/bare-server.js';

export const OCSP_CONNECTIONS = 64;

export type Method = 'GET' | 'POST';
export type Requests = {
  readonly method: Method;
  readonly file: string;
  readonly answer: BareAnswer;
  /** To each request its answer. */
  readonly answers: readonly Buffer[];
};

/**
 * Requests for the status of these certificates, each asked once: what is measured comes from the
 * cache.
 */
export async function prepareOcsp(publication: string, certificates: readonly string[]): Promise<readonly Requests[]> {
  const ders = await requestsFor(publication, certificates);
  return [await prepare(publication, 'GET', ders), await prepare(publication, 'POST', ders)];
}

const NONCE_OCTETS = 32;

/**
 * What wrk asks with nonces, which stand at the end of each request; `preferred`: of whoever
 * wants that algorithm.
 */
export async function prepareNonces(
  ders: readonly Buffer[],
  preferred: SignatureAlgorithm | null,
): Promise<{ readonly file: string; readonly nonceOctets: number }> {
  const lines = ders.map((der) => {
    const read = readOcspRequest(new Uint8Array(der));
    if (!read.ok) throw new Error(read.error.detail);
    const list = seq(...read.value.certIds.map((certId) => seq(certId.der)));
    const wish = preferred === null ? [] : [preferredExtension(preferred)];
    const nonce = seq(oid(OID.ocspNonce), octetString(octetString(new Uint8Array(NONCE_OCTETS))));
    return Buffer.from(seq(seq(list, explicit(2, seq(...wish, nonce))))).toString('hex');
  });
  const file = join(await temporaryFolder('pfcng-ocsp-'), 'nonces.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { file, nonceOctets: NONCE_OCTETS };
}

function preferredExtension(algorithm: SignatureAlgorithm): Bytes {
  const list = seq(seq(algorithmIdentifierDer(algorithm)));
  return seq(oid(OID.ocspPreferredSignatureAlgorithms), octetString(list));
}

/** OCSP requests without a nonce, SHA-1 CertID, as OpenSSL writes them. */
export async function requestsFor(publication: string, certificates: readonly string[]): Promise<readonly Buffer[]> {
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
  const answers: Buffer[] = [];
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
    answers.push(bytes);
    answer ??= { base64: bytes.toString('base64'), headers: sentHeaders(fetched.headers) };
  }
  if (answer === null) throw new Error('no certificate to ask for');
  const file = join(await temporaryFolder('pfcng-ocsp-'), `${method}.txt`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { method, file, answer, answers };
}

/** The headers that a server writes itself; node:http adds equal ones to both. */
function sentHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)));
}

export async function startBareServer(
  answer: BareAnswer,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const file = join(await temporaryFolder('pfcng-bare-'), 'answer.json');
  writeFileSync(file, JSON.stringify(answer));
  const entry = fileURLToPath(new URL('./peers/bare-server.js', import.meta.url));
  const child = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(port.toString('utf8'))}`, stop: () => child.kill('SIGTERM') };
}

/** Answers a second. */
export type Answers = { readonly rate: number; readonly p99: string };

/** Parses a duration as wrk prints it: `6.05ms`, `812.00us`, `1.02s`. */
export function millisecondsOf(text: string): number {
  const [, value = '0', unit = ''] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1_000 }[unit] ?? Number.NaN);
}

export type Load = {
  /** What is asked, one request a line. */
  readonly file: string;
  readonly nonceOctets?: number;
  readonly connections?: number;
};

export function runWrk(url: string, load: Load, seconds: number): Answers {
  const script = join(PACKAGE_ROOT, 'test/bench/ocsp.lua');
  const { file, nonceOctets = 0, connections = OCSP_CONNECTIONS } = load;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url];
  const env = { ...process.env, PFCNG_BENCH_REQUESTS: file, PFCNG_BENCH_NONCE: String(nonceOctets) };
  const said = execFileSync('wrk', args, { encoding: 'utf8', env });
  if (/Non-2xx/.test(said) || /Socket errors/.test(said)) throw new Error(said);
  return { rate: Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1] ?? 0), p99: /99% +(\S+)/.exec(said)?.[1] ?? '?' };
}

/**
 * Answers a second to the same request again and again, each on a connection of its own, one
 * after the other. Not by wrk, which connects once before it begins and says nothing: after that
 * `openssl ocsp` serves nobody.
 */
export async function askAlone(url: string, request: Uint8Array, seconds: number): Promise<number> {
  const { port, hostname } = new URL(url);
  const lines = [`POST /ocsp HTTP/1.0`, 'Content-Type: application/ocsp-request', `Content-Length: ${request.length}`];
  const sent = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), request]);
  const begun = performance.now();
  let count = 0;
  while (performance.now() - begun < seconds * 1000) {
    const pieces = connect({ port: Number(port), host: hostname, noDelay: true });
    pieces.setTimeout(ANSWER_MS_MAX, () => pieces.destroy(new Error('no answer'))).write(sent);
    const said = Buffer.concat(await pieces.toArray());
    if (said.indexOf('200 OK') < 0) throw new Error(`no answer: ${said.toString('latin1').slice(0, 100)}`);
    count += 1;
  }
  return count / seconds;
}

const ANSWER_MS_MAX = 5_000;
