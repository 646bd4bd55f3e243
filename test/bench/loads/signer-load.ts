/**
 * Load on one signer's socket, in a process of its own and as cheap as it can be: certificate
 * frames, so many unanswered at a time. The to-be-signed bytes are made once, as the service
 * makes them, and differ by serial number. Some signatures are verified at the end.
 *
 * Forked with an IPC channel and the home in its environment: takes a `SignerLoad`, says `ready`,
 * and answers each `go` with a `SignerReport`; a broken channel ends it.
 */
import { verify, X509Certificate } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createFrameDecoder, encodeFrame, readMeta } from '../../../hsm/wire/frames.js';
import { signerSocket } from '../../../src/compose/signers/plan.js';
import type { ProfileId } from '../../support/service/orders.js';
import { median } from '../statistics.js';
import { newSerial, openTemplates, type Template } from '../template.js';

export type SignerLoad = { readonly token: string; readonly profile: ProfileId };
export type SignerGo = { readonly seconds: number; readonly unanswered: number };
export type SignerReport = {
  /** Within the time. */
  readonly signatures: number;
  /** With those that were under way when the time was up: what processor time was used for. */
  readonly answered: number;
  readonly seconds: number;
  readonly medianMs: number;
  /** Processor time of this process until the last answer. */
  readonly cpuMs: number;
};

const KEPT_EVERY = 97;
const KEPT_MAX = 50;

type LoadRequest = Template & { readonly hash: string; readonly socketPath: string };

async function prepareAsked({ token, profile }: SignerLoad): Promise<LoadRequest> {
  const { home, make } = openTemplates();
  const template = await make(profile, 1);
  const hash = template.issuer.keyType === 'p-384' ? 'sha384' : 'sha256';
  return { ...template, hash, socketPath: signerSocket(home.config.paths, 'api', token) };
}

type LoadState = { readonly tbs: Buffer; readonly signature: Buffer };

/**
 * Keeps `unanswered` requests under way until the time is up, then waits for the rest. Only
 * answers within the time count.
 */
async function run(template: LoadRequest, profile: string, { seconds, unanswered }: SignerGo): Promise<SignerReport> {
  const socket = connect(template.socketPath);
  await new Promise<void>((resolve, reject) => void socket.once('connect', resolve).once('error', reject));
  const sent = new Map<number, { readonly tbs: Buffer; readonly at: number }>();
  const kept: LoadState[] = [];
  const latencies: number[] = [];
  const meta = { issuer: template.issuer.id, profile };
  const serial = newSerial();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const until = began + seconds * 1000;
  let last = 0;
  let signatures = 0;
  const send = (): void => {
    last += 1;
    serial.writeUInt32BE(last, serial.length - 4);
    const tbs = Buffer.from(template.tbs);
    tbs.set(serial, template.serialAt);
    sent.set(last, { tbs, at: performance.now() });
    socket.write(encodeFrame({ type: 'certificate', id: last, meta, body: tbs }));
  };
  await new Promise<void>((resolve, reject) => {
    const decoder = createFrameDecoder();
    socket.once('error', reject).once('close', () => reject(new Error('the signer closed the connection')));
    socket.on('data', (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      if (!frames.ok) return reject(new Error(frames.error.kind));
      const now = performance.now();
      socket.cork();
      for (const frame of frames.value) {
        const asked = sent.get(frame.id);
        sent.delete(frame.id);
        if (frame.type !== 'signature' || asked === undefined) {
          reject(new Error(`${frame.type}: ${JSON.stringify(readMeta(frame))}`));
          return;
        }
        if (now < until) {
          signatures += 1;
          if (signatures % KEPT_EVERY === 0) {
            latencies.push(now - asked.at);
            if (kept.length < KEPT_MAX) kept.push({ tbs: asked.tbs, signature: Buffer.from(frame.body) });
          }
          send();
        }
      }
      socket.uncork();
      if (sent.size === 0) resolve();
    });
    socket.cork();
    for (let at = 0; at < unanswered; at += 1) send();
    socket.uncork();
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  close(socket);
  verifyAll(template, kept);
  const medianMs = latencies.length === 0 ? 0 : median(latencies);
  return { signatures, answered: last, seconds, medianMs, cpuMs: (user + system) / 1000 };
}

function close(socket: Socket): void {
  socket.removeAllListeners('close').on('error', () => undefined);
  socket.destroy();
}

function verifyAll({ issuer: { certificate }, hash }: LoadRequest, kept: readonly LoadState[]): void {
  const { publicKey } = new X509Certificate(certificate);
  for (const { tbs, signature } of kept) {
    if (!verify(hash, tbs, publicKey, signature)) throw new Error('a signature does not verify');
  }
}

process.once('message', async (load: SignerLoad) => {
  const template = await prepareAsked(load);
  process.on('message', async (go: SignerGo) => {
    process.send?.(await run(template, load.profile, go));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
});
