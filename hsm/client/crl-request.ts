/**
 * A CRL that is streamed to a signer over one connection. If the connection breaks, its parts are
 * not sent again.
 */
import type { Bytes } from '../../src/kernel/bytes.js';
import { encodeFrame, type FrameType, type Meta } from '../wire/frames.js';
import { noAnswer, type PendingRequest, type Reply } from './pending-request.js';

export type CrlRequest = {
  /**
   * Sends one chunk, and resolves when the connection can take the next one. Does nothing after the
   * answer has arrived.
   */
  send(chunk: Bytes): Promise<void>;
  end(): void;
  abort(): void;
  readonly reply: Promise<Reply>;
  isAnswered(): boolean;
};

/** What a streamed CRL needs from its connection. */
type CrlRequestWorld = {
  readonly id: number;
  readonly deadlineMs: number;
  readonly register: (request: PendingRequest) => void;
  readonly settle: (reply: Reply) => void;
  /**
   * Returns false when the caller must wait for `wake` before the next write; null: there is no
   * connection.
   */
  readonly write: (encoded: Uint8Array) => boolean | null;
  /** Resolves with false when there is no connection in time. */
  readonly whenConnected: (isAnswered: () => boolean) => Promise<boolean>;
};

export function openCrlRequest(world: CrlRequestWorld, meta: Meta): CrlRequest {
  const { id, deadlineMs, settle } = world;
  let answered = false;
  let timer: NodeJS.Timeout | null = null;
  let wake: (() => void) | null = null;

  function startTimer(): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => settle(noAnswer(`the signer read nothing for ${deadlineMs} ms`)), deadlineMs);
  }
  /**
   * Sends one frame of the CRL. Returns false when the caller must wait for `wake` before the next
   * one. Without a connection it sends nothing: either the CRL has failed already, or it starts
   * when there is a connection.
   */
  function write(type: FrameType, content: { readonly meta?: Meta; readonly body?: Bytes } = {}): boolean {
    return world.write(encodeFrame({ type, id, ...content })) ?? true;
  }

  const reply = new Promise<Reply>((resolve) => {
    world.register({
      encoded: null,
      waitsForSigner: true,
      settle(answer) {
        answered = true;
        if (timer) clearTimeout(timer);
        resolve(answer);
      },
      wake: () => wake?.(),
    });
  });
  const opened = world
    .whenConnected(() => answered)
    .then((connected) => {
      if (!connected) settle(noAnswer('no connection to the signer'));
      // If it was aborted meanwhile, nobody would end it, and it would keep its place there.
      else if (!answered) write('crl-begin', { meta });
    });

  return {
    reply,
    isAnswered: () => answered,
    async send(body) {
      await opened;
      if (answered || write('crl-chunk', { body })) return;
      startTimer();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
      if (timer) clearTimeout(timer);
    },
    end() {
      if (answered) return;
      write('crl-end');
      startTimer();
    },
    abort() {
      if (!answered) write('crl-abort');
      settle(noAnswer('aborted'));
    },
  };
}
