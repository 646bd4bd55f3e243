/**
 * HTTP/1.1 octet by octet over a socket of one's own: for clients that say it in pieces, say
 * less, or say it wrongly.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Reply = { readonly status: number; readonly head: string; readonly body: Buffer };

export type Conversation = {
  /** Replies to wait for; without it, all until the server closes. */
  readonly replies?: number;
  /** Between two pieces, so that they arrive one by one. */
  readonly pauseMs?: number;
  /** FIN after the last piece. */
  readonly ends?: boolean;
};

/** The connection is closed after this time, far beyond every deadline of the server. */
const HANG_MS = 60_000;

export function openSocket(base: string): Promise<Socket> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('error', reject).once('connect', () => {
      // From here on a reset is one of the ends there are.
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}

export async function converse(
  base: string,
  pieces: readonly (Uint8Array | string)[],
  { replies, pauseMs = 0, ends = false }: Conversation = {},
): Promise<readonly Reply[]> {
  const socket = await openSocket(base);
  try {
    const answered = repliesOf(socket, replies ?? Number.POSITIVE_INFINITY);
    for (const [at, piece] of pieces.entries()) {
      if (at > 0 && pauseMs > 0) await sleep(pauseMs);
      socket.write(piece);
    }
    if (ends) socket.end();
    return await answered;
  } finally {
    socket.destroy();
  }
}

/** Until there are `wanted`, or the other side has closed. */
export function repliesOf(socket: Socket, wanted: number): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => reject(new Error(`no answer within ${HANG_MS} ms`)), HANG_MS);
    const finish = (): void => {
      clearTimeout(timer);
      resolve(parseReplies(received));
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (parseReplies(received).length >= wanted) finish();
    });
    socket.once('close', finish);
  });
}

/** The whole ones; `100 Continue` is none. */
function parseReplies(received: Buffer): readonly Reply[] {
  const replies: Reply[] = [];
  let at = 0;
  for (;;) {
    const end = received.indexOf('\r\n\r\n', at);
    if (end < 0) return replies;
    const head = received.subarray(at, end).toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const next = end + 4 + length;
    if (next > received.length) return replies;
    if (status !== 100) replies.push({ status, head, body: received.subarray(end + 4, next) });
    at = next;
  }
}
