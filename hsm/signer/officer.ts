/**
 * Opens a token whose PIN an officer types. The process waits as long as necessary, and opens the
 * token with the PIN that it receives. It never sends a PIN to the token that the token has refused
 * before.
 */
import { errorMessage } from '../../src/kernel/errors.js';
import { deferred } from '../deferred.js';
import { describeTokenFailure, TokenError } from '../pkcs11/failures.js';
import type { RefusedPins } from '../pkcs11/pin/pin-file.js';
import type { PinTriesLeft, UnlockOutcome } from '../wire/pin-frames.js';
import type { SocketFolderExposed } from '../wire/socket-folder.js';
import { openPinSocket, type PinSocket, type UnlockAttempt } from './pin-socket.js';

export type OfficerPlan<Value> = {
  readonly token: string;
  readonly socket: string;
  readonly refused: Pick<RefusedPins, 'wasRefused'>;
  /**
   * The file with the digests of refused PINs. It must be deleted when the PIN of the token is set
   * to one of them.
   */
  readonly marker: string;
  /** Reads from the token, without a login, how many tries are left. Throws `TokenError`. */
  readonly tries: () => PinTriesLeft;
  /** Opens the token, and calls `readPin` at every login. Throws `TokenError`. */
  readonly open: (readPin: () => string) => Promise<Value>;
  /**
   * Called when the state changes. `locked`: the signer waits for an officer. `opening`: the token
   * is being opened with a PIN.
   */
  readonly report: (state: 'locked' | 'opening', tries: PinTriesLeft) => void;
  readonly onRefused: (failure: TokenError) => void;
};

/**
 * Waits until an officer types a PIN with which the token can be opened, and returns what `open`
 * returns. Rejects when the socket cannot be opened, or when opening the token fails for another
 * reason than the PIN.
 */
export async function openWithOfficer<Value>(plan: OfficerPlan<Value>): Promise<Value> {
  let tries = plan.tries();
  const { promise, resolve, reject } = deferred<Value>();
  let pinSocket: PinSocket | null = null;

  function refusal(detail: string, sent: boolean): UnlockAttempt {
    return { outcome: { outcome: 'refused', detail, sent, tries } };
  }

  async function attempt(typed: Buffer): Promise<UnlockAttempt> {
    plan.report('opening', tries);
    if (plan.refused.wasRefused(typed.toString('utf8'))) return refusal(refusedBefore(plan), false);
    tries = plan.tries();
    // The PIN is not tried: a locked token would refuse a correct PIN too, and this process would
    // remember it as refused.
    if (tries === 'none') return refusal('the token has locked its PIN: its security officer must set it anew', false);
    // The process keeps this copy of the PIN for a new login when the token has lost its sessions.
    // The PIN is a string only from a login to the next garbage collection.
    const pin = Buffer.alloc(typed.length);
    pin.set(typed);
    const readPin = (): string => pin.toString('utf8');
    try {
      const value = await plan.open(readPin);
      const after = (): void => {
        pinSocket?.close();
        resolve(value);
      };
      return { outcome: { outcome: 'unlocked' }, after };
    } catch (thrown) {
      pin.fill(0);
      const isRefused = thrown instanceof TokenError && thrown.failure.kind === 'pin-refused';
      if (!isRefused) return { outcome: failureOutcome(thrown), after: () => reject(thrown) };
      plan.onRefused(thrown);
      tries = plan.tries();
      return refusal(describeTokenFailure(thrown.failure), true);
    }
  }

  const opened = await openPinSocket(plan.socket, {
    greeting: () => ({ token: plan.token, tries }),
    async attempt(typed) {
      try {
        const result = await attempt(typed);
        if (result.outcome.outcome === 'refused') plan.report('locked', tries);
        return result;
      } catch (thrown) {
        return { outcome: failureOutcome(thrown), after: () => reject(thrown) };
      }
    },
  });
  if (!opened.ok)
    throw new TokenError({ kind: 'pin-not-usable', label: plan.token, detail: describeFolder(opened.error) });
  pinSocket = opened.value;
  plan.report('locked', tries);
  return promise;
}

function refusedBefore({ token, marker }: Pick<OfficerPlan<unknown>, 'token' | 'marker'>): string {
  return (
    `${token} has refused this PIN before, so it was not sent to the token again. ` +
    `If the token's PIN has been set to it since, delete ${marker}`
  );
}

function failureOutcome(thrown: unknown): UnlockOutcome {
  return { outcome: 'failed', detail: errorMessage(thrown) };
}

function describeFolder({ folder, detail }: SocketFolderExposed): string {
  return `the folder of the unlock socket, ${folder}: ${detail}`;
}
