/** The state that a token is in, and what a request is told while none can be put to it. */
import { unavailableFrame } from '../wire/answers.js';
import { encodeFrame, type Meta } from '../wire/frames.js';

/** `degraded`: being restarted. `down`: the last start failed. `locked`: waits for an officer to type the PIN. */
export type TokenStateName = 'ready' | 'degraded' | 'down' | 'locked';

/** Those that change nothing by themselves: the next start decides. */
const DOWN_RETRY_MS = 1_000;
/** An officer has to be found first. */
export const LOCKED_RETRY_MS = 30_000;

export type TokenState = ReturnType<typeof createTokenState>;

export function createTokenState(token: string) {
  let name: TokenStateName = 'degraded';
  let since = Date.now();
  /** The command that ends the wait of a child that is locked. */
  let unlock: string | null = null;

  function enter(next: TokenStateName): void {
    if (next !== 'locked') unlock = null;
    if (name !== next) since = Date.now();
    name = next;
  }
  const lockedDetail = (): string => `${token} waits for an officer to type its PIN: ${unlock}`;

  return {
    name: () => name,
    enter,
    isLocked: () => name === 'locked',
    lock(command: string): void {
      enter('locked');
      unlock = command;
    },
    lockedDetail,
    /** An answer at once; null where a request is put to the child, now or when one is ready. */
    declined(lastError: string | null): Buffer | null {
      if (name === 'locked') return unavailable(LOCKED_RETRY_MS, lockedDetail());
      return name === 'down' ? unavailable(DOWN_RETRY_MS, `${token} is down: ${lastError}`) : null;
    },
    facts: (): Meta => ({ state: name, since: new Date(since).toISOString(), unlock }),
  };
}

function unavailable(retryAfterMs: number, detail: string): Buffer {
  return encodeFrame(unavailableFrame(0, retryAfterMs, detail));
}
