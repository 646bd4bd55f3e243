/**
 * Opens a token in the process of a command, to inspect it. One process at a time can lock a token
 * (`hsm/exclusive-lock.ts`), so that this fails at once while a signer, a ceremony or another
 * command has it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Session, Slot } from 'graphene-pk11';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { TokenConfiguration } from '../configuration.js';
import { acquireLock } from '../exclusive-lock.js';
import { describeTokenFailure, TokenError, type TokenFailure } from '../pkcs11/failures.js';
import { finaliseModule, findToken, initialiseModule, loadModule, type Pkcs11 } from '../pkcs11/module.js';
import { refusedPins } from '../pkcs11/pin/pin-file.js';
import { readPin } from '../pkcs11/pin/pin-source.js';
import { prepareSofthsmDirectory } from '../pkcs11/softhsm/softhsm-files.js';
import { login, openSession } from '../pkcs11/token.js';

export type OpenedToken = { readonly pkcs11: Pkcs11; readonly slot: Slot; readonly session: Session };

export type InspectionFailure =
  | { readonly kind: 'locked-by-another'; readonly token: string; readonly owner: string }
  | { readonly kind: 'pin-not-usable'; readonly token: string; readonly detail: string }
  | { readonly kind: 'token-failed'; readonly token: string; readonly failure: TokenFailure };

/**
 * Logs in, runs `act`, finalises the module, which ends the login, and releases the token. Tries
 * the PIN once, and never one that was refused before.
 */
export async function withToken<Value>(
  token: Omit<TokenConfiguration, 'sockets' | 'issuers'>,
  act: (opened: OpenedToken) => Value | Promise<Value>,
): Promise<Result<Value, InspectionFailure>> {
  const lock = await acquireLock(token.softhsmDirectory, 0);
  if (!lock.ok) return err({ kind: 'locked-by-another', token: token.name, owner: lock.error.owner });
  try {
    return await openAndAct(token, act);
  } catch (thrown) {
    if (thrown instanceof TokenError) {
      return err({ kind: 'token-failed', token: token.name, failure: thrown.failure });
    }
    throw thrown;
  } finally {
    lock.value.release();
  }
}

async function openAndAct<Value>(
  token: Omit<TokenConfiguration, 'sockets' | 'issuers'>,
  act: (opened: OpenedToken) => Value | Promise<Value>,
): Promise<Result<Value, InspectionFailure>> {
  const pin = readPin(token);
  const notUsable = (detail: string) => err({ kind: 'pin-not-usable' as const, token: token.name, detail });
  if (!pin.ok) return notUsable(pin.error);
  mkdirSync(token.journalFolder, { recursive: true, mode: 0o700 });
  const refused = refusedPins(join(token.journalFolder, 'pin-refused.json'));
  if (refused.wasRefused(pin.value)) return notUsable('the token has refused this PIN');
  prepareSofthsmDirectory(token.softhsmDirectory);
  Object.assign(process.env, token.moduleEnvironment);
  const pkcs11 = loadModule(token.modulePath);
  initialiseModule(pkcs11, token.softhsmDirectory);
  try {
    const slot = findToken(pkcs11, token.tokenLabel);
    const session = openSession(slot);
    try {
      login(session, { label: token.tokenLabel, pin: pin.value });
    } catch (thrown) {
      if (thrown instanceof TokenError && thrown.failure.kind === 'pin-refused') refused.remember(pin.value);
      throw thrown;
    }
    return ok(await act({ pkcs11, slot, session }));
  } finally {
    finaliseModule(pkcs11);
  }
}

/** Describes a failure in one line for people, with what to do next if that is known. */
export function describeInspectionFailure(failure: InspectionFailure): string {
  switch (failure.kind) {
    case 'locked-by-another':
      return (
        `${failure.token}: the signer of process ${failure.owner} has the token: stop the service ` +
        'or ask through it with pfcng hsm list (unless it is a ceremony or another command)'
      );
    case 'pin-not-usable':
      return `${failure.token}: ${failure.detail}`;
    case 'token-failed':
      return `${failure.token}: ${describeTokenFailure(failure.failure)}`;
  }
}
