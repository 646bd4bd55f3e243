import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServedCrls } from '../../../src/http/status/files.js';
import { createPublicationServer } from '../../../src/http/status/server.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { OcspAnswer } from '../../../src/ocsp/answer.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import type { OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const NOW = Date.UTC(2026, 2, 1, 10);
/** Cached and sent with its head, cached and sent after its head, and too large to be cached. */
export const CRLS = { 'SHORT.crl': 900, 'LONG.crl': 300_000, 'LARGE.crl': 3 * 1024 * 1024 };
const CACHE = { smallBytesMax: 1024 * 1024, bytesMax: 1024 * 1024, totalBytesMax: 4 * 1024 * 1024 };
export const TAG = '"cached"';

/**
 * By the first character of the request: 0 is cached, 1 is answered at once, 2 must not be stored
 * by HTTP caches, 3 waits until `free` is called, 4 fails.
 */
function createResponder(): Pick<OcspResponder, 'answer' | 'cached'> & {
  readonly free: () => void;
  readonly waits: () => boolean;
} {
  const waiting: (() => void)[] = [];
  const cacheable = { maxAgeMs: 300_000, etag: TAG, lastModified: NOW, expires: NOW + 300_000 };
  const answerTo = (request: string): OcspAnswer => ({
    bytes: Buffer.from(`answer to ${request.length}`),
    source: 'cache',
    cacheable: request.startsWith('2') ? null : cacheable,
  });
  return {
    cached: (key) => (key.startsWith('0') ? answerTo(key) : null),
    answer: async (der) => {
      const request = requestKey(der);
      if (request.startsWith('3')) await new Promise<void>((resolve) => waiting.push(resolve));
      if (request.startsWith('4')) throw new Error('cannot be');
      return answerTo(request);
    },
    waits: () => waiting.length > 0,
    free: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

/** Starts a status server before each test. */
export function startServers(fastLane: boolean) {
  let folder: string;
  const at = {} as { server: Server; responder: ReturnType<typeof createResponder> };
  /** The server's ends of all connections, in their order. */
  const served: Socket[] = [];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-lane-'));
    for (const [name, length] of Object.entries(CRLS)) writeFileSync(join(folder, name), Buffer.alloc(length, 7));
    at.responder = createResponder();
    at.server = createPublicationServer({
      responder: {
        ...at.responder,
        ahead: async () => 'failed',
        withdraw: () => undefined,
        forget: () => undefined,
        restore: () => undefined,
        cachedAnswers: () => [],
        size: () => ({ entries: 0, bytes: 0 }),
      },
      crls: createServedCrls(folder, () => NOW, CACHE),
      authorities: new Map([['ACR-FO.cer', async () => Buffer.from('AUTHORITY')]]),
      practiceStatement: { path: '/PC', text: 'policy\n' },
      publicPages: async () => null,
      metrics: createMetrics(),
      log: SILENT_LOG,
      clock: () => NOW,
      fastLane,
      connectionsMax: 1_000,
    });
    served.length = 0;
    at.server.prependListener('connection', (socket) => served.push(socket));
    at.server.listen(0, '127.0.0.1');
    await once(at.server, 'listening');
  });
  afterEach(async () => {
    at.responder.free();
    for (const socket of sockets.splice(0)) socket.destroy();
    if (at.server.listening) {
      at.server.close();
      at.server.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<{ readonly socket: Socket; readonly got: () => string }> => {
    const socket = connect({ port: (at.server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => void chunks.push(chunk)).on('error', () => undefined);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return { socket, got: () => Buffer.concat(chunks).toString('latin1') };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(5);
  };
  /** Sends the chunks, half-closes the connection, and returns everything that was received. */
  const exchange = async (...chunks: readonly string[]): Promise<string> => {
    const { socket, got } = await open();
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) await sleep(5);
      socket.write(chunk, 'latin1');
    }
    socket.end();
    await once(socket, 'close');
    return got();
  };
  /** Waits until the server has read so many octets of its last connection. */
  const hasRead = (octets: number): Promise<void> => until(() => served.at(-1)?.bytesRead === octets);
  return { at, open, until, exchange, hasRead };
}

/** The responses without their dates, in a form whose difference can be read. */
export function undated(answers: string) {
  const text = answers.replaceAll(/\r\nDate: [^\r]*\r\n/g, '\r\nDate: now\r\n');
  return {
    begins: text.slice(0, 800),
    ends: text.slice(-100),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}
export const post = (body: string): string =>
  `POST /ocsp HTTP/1.1\r\nHost: a\r\nContent-Type: application/ocsp-request\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
export const get = (target: string, more = ''): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
export const bodies = (answers: string): readonly string[] => answers.match(/answer to \d+/g) ?? [];
