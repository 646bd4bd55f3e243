/**
 * A CRL that is streamed to a signer over one connection. Its parts are not sent again when that
 * breaks.
 */
import type { Bytes } from '../../src/kernel/bytes.js';
import { encodeFrame, type FrameType, type Meta } from '../wire/frames.js';
import { noAnswer, type PendingRequest, type Reply } from './pending-request.js';

export type CrlRequest = {
  /** Resolves when the connection takes more. Does nothing after the answer. */
  send(chunk: Bytes): Promise<void>;
  end(): void;
  abort(): void;
  readonly reply: Promise<Reply>;
  isAnswered(): boolean;
};

/** What the CRL needs of its connection. */
type CrlRequestWorld = {
  readonly id: number;
  readonly deadlineMs: number;
  readonly register: (request: PendingRequest) => void;
  readonly settle: (reply: Reply) => void;
  /** False: wait for `wake`. null: there is no connection. */
  readonly write: (whole: Uint8Array) => boolean | null;
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
   * Without a connection nothing is sent: the CRL is settled already, or begins when there is one.
   */
  function write(type: FrameType, content: { readonly meta?: Meta; readonly body?: Bytes } = {}): boolean {
    return world.write(encodeFrame({ type, id, ...content })) ?? true;
  }

  const reply = new Promise<Reply>((resolve) => {
    world.register({
      whole: null,
      isPatient: true,
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
      else write('crl-begin', { meta });
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
