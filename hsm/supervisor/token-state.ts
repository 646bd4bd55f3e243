/**
 * The state of a token for operators, and the answer to requests while the token has no child that
 * can take them.
 */
import { unavailableFrame } from '../wire/answers.js';
import { encodeFrame, type Meta } from '../wire/frames.js';

/**
 * `degraded`: a child is being started or replaced. `down`: the child reported why it cannot start,
 * or several starts failed. `locked`: the child waits for an officer to type the PIN with the
 * command `unlock`.
 */
type TokenStateValue =
  | { readonly name: 'ready' | 'degraded' | 'down'; readonly since: number }
  | { readonly name: 'locked'; readonly since: number; readonly unlock: string };
type TokenStateName = TokenStateValue['name'];

const DOWN_RETRY_MS = 1_000;
/** Retry time while the token is locked. It is long, because it takes time to find an officer. */
const LOCKED_RETRY_MS = 30_000;

export type TokenState = ReturnType<typeof createTokenState>;

export function createTokenState(token: string) {
  let state: TokenStateValue = { name: 'degraded', since: Date.now() };

  return {
    name: (): TokenStateName => state.name,
    enter(name: 'ready' | 'degraded' | 'down'): void {
      if (state.name !== name) state = { name, since: Date.now() };
    },
    lock(unlock: string): void {
      state = { name: 'locked', since: state.name === 'locked' ? state.since : Date.now(), unlock };
    },
    /**
     * Returns the failure for a request that must not wait for a child; null: the request can wait.
     */
    declined(lastError: string | null): { readonly retryAfterMs: number; readonly detail: string } | null {
      if (state.name === 'locked')
        return {
          retryAfterMs: LOCKED_RETRY_MS,
          detail: `${token} waits for an officer to type its PIN: ${state.unlock}`,
        };
      return state.name === 'down' ? { retryAfterMs: DOWN_RETRY_MS, detail: `${token} is down: ${lastError}` } : null;
    },
    facts: (): Meta => ({
      state: state.name,
      since: new Date(state.since).toISOString(),
      unlock: state.name === 'locked' ? state.unlock : null,
    }),
  };
}

/** Encodes an answer of type `unavailable`, whose request id the caller sets. */
export function encodeUnavailable(retryAfterMs: number, detail: string): Buffer {
  return encodeFrame(unavailableFrame(0, retryAfterMs, detail));
}
