/**
 * A token whose PIN an officer types: its process waits, as long as it takes, and opens it with what is typed. A PIN that this token has
 * refused is not sent to it again.
 */

import { describeTokenFailure, TokenFailed } from '../pkcs11/failures.js';
import type { RefusedPins } from '../pkcs11/pin/pin-file.js';
import type { PinTries } from '../pkcs11/token.js';
import type { UnlockOutcome } from '../wire/pin-frames.js';
import type { SocketFolderExposed } from '../wire/socket-folder.js';
import { type Attempted, openPinSocket, type PinSocket } from './pin-socket.js';

export type OfficerPlan<Value> = {
  readonly token: string;
  readonly socket: string;
  readonly refused: Pick<RefusedPins, 'wasRefused'>;
  /** Where refused PINs are remembered: for whoever has set the token's PIN to one of them. */
  readonly marker: string;
  /** Asked of the token, without a login. Throws `TokenFailed`. */
  readonly tries: () => PinTries;
  /** Logs in with what `readPin` gives, whenever it must. Throws `TokenFailed`. */
  readonly open: (readPin: () => string) => Promise<Value>;
  /** `locked`: waits for an officer. `opening`: the token is asked. */
  readonly tell: (state: 'locked' | 'opening', tries: PinTries) => void;
  readonly onRefused: (failure: TokenFailed) => void;
};

/** Rejects where the socket cannot be opened, and where a token that takes the PIN cannot be opened in spite of it. */
export async function openWithOfficer<Value>(plan: OfficerPlan<Value>): Promise<Value> {
  let tries = plan.tries();
  const { promise, resolve, reject } = settled<Value>();
  let desk: PinSocket | null = null;

  function refusal(detail: string, sent: boolean): Attempted {
    return { outcome: { outcome: 'refused', detail, sent, tries } };
  }

  async function attempt(octets: Buffer): Promise<Attempted> {
    // Kept for logging in again when the token has lost its sessions; a string of it lives from a login to the next collection.
    const pin = Buffer.alloc(octets.length);
    pin.set(octets);
    const readPin = (): string => pin.toString('utf8');
    plan.tell('opening', tries);
    try {
      if (plan.refused.wasRefused(readPin())) return refusal(knownRefused(plan), false);
      tries = plan.tries();
      // A correct PIN would be refused as well, and remembered as refused.
      if (tries === 'none')
        return refusal('the token has locked its PIN: its security officer must set it anew', false);
      const value = await plan.open(readPin);
      const after = (): void => {
        desk?.close();
        resolve(value);
      };
      return { outcome: { outcome: 'unlocked' }, after };
    } catch (thrown) {
      pin.fill(0);
      const isRefused = thrown instanceof TokenFailed && thrown.failure.kind === 'pin-refused';
      if (!isRefused) return { outcome: failed(thrown), after: () => reject(thrown) };
      plan.onRefused(thrown);
      tries = plan.tries();
      return refusal(describeTokenFailure(thrown.failure), true);
    }
  }

  const opened = await openPinSocket(plan.socket, {
    greeting: () => ({ token: plan.token, tries }),
    async attempt(octets) {
      try {
        const attempted = await attempt(octets);
        if (attempted.outcome.outcome === 'refused') plan.tell('locked', tries);
        return attempted;
      } catch (thrown) {
        return { outcome: failed(thrown), after: () => reject(thrown) };
      }
    },
  });
  if (!opened.ok)
    throw new TokenFailed({ kind: 'pin-not-usable', label: plan.token, detail: describeFolder(opened.error) });
  desk = opened.value;
  plan.tell('locked', tries);
  return promise;
}

function knownRefused({ token, marker }: Pick<OfficerPlan<unknown>, 'token' | 'marker'>): string {
  return (
    `${token} has refused this PIN before: it was not sent to the token again. ` +
    `Whoever has since set the token's PIN to it removes ${marker}`
  );
}

function failed(thrown: unknown): UnlockOutcome {
  return { outcome: 'failed', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

function describeFolder({ folder, detail }: SocketFolderExposed): string {
  return `the folder of the unlock socket, ${folder}: ${detail}`;
}

function settled<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (thrown: unknown) => void;
} {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (thrown: unknown) => void = () => undefined;
  const promise = new Promise<Value>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}
