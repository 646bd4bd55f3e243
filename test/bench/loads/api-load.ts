/**
 * Load on the API, issuing or reading, in a process of its own that shares the machine with the
 * service: as little work as it can do. Keys, requests and their octets are made before the clock
 * starts; of an answer it reads status and length. Answers of CMP are decoded when the clock has
 * stopped, because their status does not tell a certificate from a refusal.
 *
 * Forked with an IPC channel: takes a `Load`, says `ready`, and on `go` sends it all and answers
 * with a `LoadReport`.
 */
import { createPrivateKey } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { decodeBody } from '../../../src/cmp/bodies.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import { type CmpProof, certificateRequest, confirmer } from '../../support/cmp/request.js';
import { requestDer } from '../../support/est/request.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { bodyOf, type ProfileId, STRUCTURE } from '../../support/service/orders.js';
import { derOf } from '../../support/service/own-certificates.js';
import { quantile } from '../statistics.js';

export type Load = {
  readonly url: string;
  readonly trust: string;
  readonly certificate: string;
  readonly key: string;
  readonly connections: number;
  /** Until the time is up; or until all that was prepared is answered, where it is null. */
  readonly seconds: number | null;
  /** So many requests are prepared. */
  readonly prepared: number;
  /** Names in requests and idempotency keys begin with it. */
  readonly name: string;
  /** No request is sent earlier than its turn at this rate. Default: as fast as answers come. */
  readonly perSecond?: number;
  /** Paths to GET instead of issuing, over and over until the time is up. */
  readonly paths?: readonly string[];
  /** How certificates are asked for. Default: `rest`. */
  readonly protocol?: Protocol;
  /** The secret of the account. */
  readonly secret: string;
  /** For CMP: PEM of the CAs between `certificate` and the root. */
  readonly chain: readonly string[];
};

/** How messages of CMP are protected. `cmp-confirmed`: signed, with a certConf of the client. */
type CmpProtocol = 'cmp-signature' | 'cmp-confirmed' | 'cmp-hmac' | 'cmp-pbm';
type Protocol = 'rest' | 'est' | CmpProtocol;

export type LoadReport = {
  /**
   * Answers with 201, or with 200 where it reads and by EST, or with a certificate by CMP; or with
   * the end of its confirmation.
   */
  readonly answered: number;
  readonly other: number;
  /** What the first answer that was not 201 said. */
  readonly firstOther: string | null;
  readonly seconds: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Processor time of this process while it ran. */
  readonly cpuMs: number;
  /** Some of the certificates issued, for loads that read. */
  readonly certificates: readonly IssuedCertificate[];
};

export type IssuedCertificate = Readonly<Record<'id' | 'serialNumber' | 'certificate', string>>;

const PROFILE: ProfileId = 'elementaire/org-auth-cli';
const CERTIFICATES_KEPT = 200;
const HEAD_END = '\r\n\r\n';

/** The octets of one request after the other. */
function prepare(load: Load): readonly Buffer[] {
  const { url, name, prepared, paths, protocol = 'rest' } = load;
  const { host } = new URL(url);
  if (paths !== undefined) return paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}${HEAD_END}`));
  if (protocol === 'est') return Array.from({ length: prepared }, (_, at) => estRequest(host, `${name}-${at}`));
  if (isCmp(protocol)) return cmpRequests(load, protocol);
  return Array.from({ length: prepared }, (_, at) => {
    const body = bodyOf(PROFILE, makeCsr(makeKey()));
    const { structure } = body.holder as { readonly structure: object };
    const json = JSON.stringify({ ...body, holder: { kind: 'organisation', application: `${name}-${at}`, structure } });
    const head = [
      'POST /v1/certificates HTTP/1.1',
      `host: ${host}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(json)}`,
      `idempotency-key: ${name}-${at}`,
    ].join('\r\n');
    return Buffer.from(`${head}${HEAD_END}${json}`);
  });
}

/** The holder that the same request of REST has, in the subject of a request of EST. */
function estRequest(host: string, name: string): Buffer {
  const subject = [
    ['C', 'FR'],
    ['ST', STRUCTURE.department],
    ['O', STRUCTURE.name],
    ['OU', STRUCTURE.id],
    ['CN', name],
  ] as const;
  const body = requestDer(makeKey(), { subject }).toString('base64');
  const head = [
    `POST /.well-known/est/${PROFILE.replace('/', '~')}/simpleenroll HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/pkcs10',
    `content-length: ${body.length}`,
  ].join('\r\n');
  return Buffer.from(`${head}${HEAD_END}${body}`);
}

function isCmp(protocol: Protocol): protocol is CmpProtocol {
  return protocol.startsWith('cmp-');
}

function cmpRequests(load: Load, protocol: CmpProtocol): readonly Buffer[] {
  const { url, name, prepared } = load;
  const proof = cmpProof(load, protocol);
  const isConfirmed = protocol === 'cmp-confirmed';
  return Array.from({ length: prepared }, (_, at) =>
    cmpPost(url, certificateRequest(proof, { key: makeKey(), name: `${name}-${at}`, at: Date.now(), isConfirmed })),
  );
}

function cmpPost(url: string, message: Uint8Array): Buffer {
  const head = [
    `POST /.well-known/cmp/p/${PROFILE.replace('/', '~')} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    'content-type: application/pkixcmp',
    `content-length: ${message.length}`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}${HEAD_END}`), message]);
}

/** Makes the certConf to an answer; null: there is no second message, or no certificate. */
function confirmationOf(load: Load): (answer: Buffer) => Buffer | null {
  if (load.protocol !== 'cmp-confirmed') return () => null;
  const confirm = confirmer(cmpProof(load, load.protocol));
  return (answer) => {
    const message = confirm(answer, Date.now());
    return message === null ? null : cmpPost(load.url, message);
  };
}

function cmpProof({ certificate, chain, key, secret }: Load, protocol: CmpProtocol): CmpProof {
  if (protocol === 'cmp-signature' || protocol === 'cmp-confirmed')
    return { kind: 'signature', key: createPrivateKey(key), certificates: [certificate, ...chain].map(derOf) };
  return { kind: protocol === 'cmp-hmac' ? 'hmac' : 'pbm', reference: 'card-management', secret };
}

/** A rejection is answered with 200 too. */
function isGranted(message: Buffer, protocol: CmpProtocol): boolean {
  const read = decodeMessage(new Uint8Array(message));
  if (protocol === 'cmp-confirmed') return read.ok && read.value.bodyKind === 'pkiconf';
  if (!read.ok || read.value.bodyKind !== 'cp') return false;
  const content = decodeBody.cp(read.value.bodyContent);
  return content.ok && content.value.responses[0]?.certificate?.kind === 'certificate';
}

type AnswerCount = { readonly status: number; readonly body: Buffer };
type Line = { readonly ask: (request: Buffer) => Promise<AnswerCount>; readonly close: () => void };

/** One connection, one request at a time. */
async function openLine({ url, trust, certificate, key }: Load): Promise<Line> {
  const { hostname, port } = new URL(url);
  const at = { host: hostname, port: Number(port) };
  const isPlain = url.startsWith('http:');
  const socket = isPlain ? connectPlain(at) : connect({ ...at, ca: trust, cert: certificate, key });
  await new Promise<void>((resolve, reject) => {
    socket.once(isPlain ? 'connect' : 'secureConnect', resolve).once('error', reject);
  });
  socket.setNoDelay(true);
  let parts: Buffer[] = [];
  let settle: ((answered: AnswerCount) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  socket.on('data', (part: Buffer) => {
    parts.push(part);
    const whole = parts.length === 1 ? part : Buffer.concat(parts);
    const answered = readAnswer(whole);
    if (answered === null) return;
    parts = [];
    settle?.(answered);
  });
  const broken = (error?: Error): void => fail?.(error ?? new Error('the service closed the connection'));
  socket.on('error', broken).on('close', () => broken());
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        // Nothing is heard any more of what is written to it.
        if (socket.destroyed) return reject(new Error('the service had closed the connection'));
        settle = resolve;
        fail = reject;
        socket.write(request);
      }),
    close: () => {
      fail = null;
      socket.destroy();
    },
  };
}

/** Null when more is to come. Answers of the service state their length. */
function readAnswer(whole: Buffer): AnswerCount | null {
  const end = whole.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = whole.toString('latin1', 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  const body = whole.subarray(end + HEAD_END.length);
  return body.length < Number(length) ? null : { status: Number(head.slice(9, 12)), body };
}

/**
 * Sends what was prepared, one at a time a connection, until the time is up; only answers within
 * it count.
 */
async function run(load: Load, requests: readonly Buffer[], lines: readonly Line[]): Promise<LoadReport> {
  const { seconds, perSecond, paths, protocol = 'rest' } = load;
  const expected = paths === undefined && protocol === 'rest' ? 201 : 200;
  const confirm = confirmationOf(load);
  const latencies: number[] = [];
  const cmpAnswers: Buffer[] = [];
  const certificates: IssuedCertificate[] = [];
  let other = 0;
  let firstOther: string | null = null;
  let next = 0;
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const until = seconds === null ? Infinity : began + seconds * 1000;
  const work = async ({ ask }: Line): Promise<void> => {
    for (let at = next++; performance.now() < until; at = next++) {
      const request = requests[paths === undefined ? at : at % requests.length];
      if (request === undefined) return;
      if (perSecond !== undefined) await sleep(Math.max(0, began + (at * 1000) / perSecond - performance.now()));
      const sentAt = performance.now();
      const first = await ask(request);
      const second = confirm(first.body);
      const { status, body } = second === null ? first : await ask(second);
      const now = performance.now();
      if (now > until) return;
      if (status === expected) latencies.push(now - sentAt);
      else {
        other += 1;
        firstOther ??= `${status} ${body.toString('utf8')}`;
      }
      if (isCmp(protocol)) cmpAnswers.push(body);
      if (status === 201 && certificates.length < CERTIFICATES_KEPT) certificates.push(picked(body));
    }
  };
  await Promise.all(lines.map(work));
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (paths === undefined && seconds !== null && next > requests.length)
    throw new Error(`${requests.length} requests were not enough`);
  const refused = isCmp(protocol) ? cmpAnswers.filter((answer) => !isGranted(answer, protocol)) : [];
  if (refused[0] !== undefined)
    throw new Error(`${refused.length} answers of CMP without what was asked for: ${refused[0].toString('base64')}`);
  latencies.sort((a, b) => a - b);
  return {
    answered: latencies.length,
    other,
    firstOther,
    seconds: Math.min(took / 1000, seconds ?? Infinity),
    medianMs: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMs: (user + system) / 1000,
    certificates,
  };
}

function picked(body: Buffer): IssuedCertificate {
  const { id, serialNumber, certificate } = JSON.parse(body.toString('utf8')) as IssuedCertificate;
  return { id, serialNumber, certificate };
}

process.once('message', async (load: Load) => {
  const requests = prepare(load);
  const lines = await Promise.all(Array.from({ length: load.connections }, () => openLine(load)));
  process.once('message', async () => {
    const report = await run(load, requests, lines);
    for (const { close } of lines) close();
    process.send?.(report, () => process.disconnect());
  });
  process.send?.('ready');
});
