/** Makes and opens tokens, sets their PINs, and opens and logs in sessions. */
import { type Session, SessionFlag, type Slot, TokenFlag, UserType } from 'graphene-pk11';
import { assert } from '../../src/kernel/assert.js';
import type { PinTriesLeft } from '../wire/pin-frames.js';
import { remedyOf } from './ckr.js';
import { attempt, ckrOf, TokenError } from './failures.js';
import {
  finaliseModule,
  findToken,
  initialiseModule,
  isInitialised,
  loadModule,
  type Pkcs11,
  slotsOf,
  tokensOf,
} from './module.js';

const LABEL_BYTES = 32;

export type NewToken = {
  readonly label: string;
  readonly soPin: string;
  readonly pin: string;
  /**
   * The SO PIN that the manufacturer has set, if C_InitToken requires it. It is changed to `soPin`
   * at once; absent: the token has none.
   */
  readonly factorySoPin?: string;
};

/**
 * Initialises a free slot as a token with this label and sets both PINs. Refuses an existing label.
 */
export function initialiseToken(pkcs11: Pkcs11, { label, soPin, pin, factorySoPin = soPin }: NewToken): void {
  assert(/^[\x21-\x7e]{1,32}$/.test(label), `a token label is at most ${LABEL_BYTES} bytes, without spaces`);
  if (tokensOf(pkcs11).some((token) => token.label === label)) throw new TokenError({ kind: 'token-exists', label });
  const free = slotsOf(pkcs11).find((slot) => !isInitialised(slot));
  if (!free) throw new TokenError({ kind: 'pkcs11-failed', operation: 'C_InitToken', ckr: 'CKR_SLOT_ID_INVALID' });
  // graphene's initToken expects a label that pkcs11js no longer returns, and throws after a
  // success. Labels are padded with spaces to 32 bytes (PKCS#11 v2.40, 5.5), which pkcs11js does
  // not do.
  attempt('C_InitToken', () => pkcs11.library.C_InitToken(free.handle, factorySoPin, label.padEnd(LABEL_BYTES, ' ')));
  // SoftHSM moves a token to another slot when it is initialised.
  const session = openSession(findToken(pkcs11, label));
  attempt('C_Login', () => session.login(factorySoPin, UserType.SO));
  if (factorySoPin !== soPin) attempt('C_SetPIN', () => session.setPin(factorySoPin, soPin));
  attempt('C_InitPIN', () => session.initPin(pin));
  attempt('C_Logout', () => session.logout());
  attempt('C_CloseSession', () => session.close());
}

/**
 * Sets the user's PIN with a login of the security officer (PKCS#11 v2.40, 5.5, C_InitPIN). The
 * keys stay.
 */
export function resetPin(
  pkcs11: Pkcs11,
  { label, soPin, pin }: { readonly label: string; readonly soPin: string; readonly pin: string },
): void {
  const session = openSession(findToken(pkcs11, label));
  try {
    loginAs(UserType.SO, session, { label, pin: soPin });
    attempt('C_InitPIN', () => session.initPin(pin));
    attempt('C_Logout', () => session.logout());
  } finally {
    attempt('C_CloseSession', () => session.close());
  }
}

/**
 * Changes the security officer's PIN (PKCS#11 v2.40, 5.5, C_SetPIN), from the first of `soPins`
 * that the token accepts; each one before it counts as a refused try. One of them may be the new
 * PIN itself: if the token accepts it, the PIN was changed already.
 */
export function changeSoPin(
  pkcs11: Pkcs11,
  { label, soPins, next }: { readonly label: string; readonly soPins: readonly string[]; readonly next: string },
): void {
  const session = openSession(findToken(pkcs11, label));
  try {
    const accepted = loginWithOneOf(session, { label, soPins });
    if (accepted !== next) attempt('C_SetPIN', () => session.setPin(accepted, next));
    attempt('C_Logout', () => session.logout());
  } finally {
    attempt('C_CloseSession', () => session.close());
  }
}

function loginWithOneOf(
  session: Session,
  { label, soPins }: { readonly label: string; readonly soPins: readonly string[] },
): string {
  const [pin = '', ...others] = soPins;
  try {
    loginAs(UserType.SO, session, { label, pin });
    return pin;
  } catch (thrown) {
    const isRefused = thrown instanceof TokenError && thrown.failure.kind === 'pin-refused';
    if (!isRefused || others.length === 0) throw thrown;
    return loginWithOneOf(session, { label, soPins: others });
  }
}

export function openSession(slot: Slot): Session {
  return attempt('C_OpenSession', () => slot.open(SessionFlag.SERIAL_SESSION | SessionFlag.RW_SESSION));
}

/**
 * Logs the user in for the whole process (PKCS#11 v2.40, 5.6: sessions of one application share the
 * login).
 */
export function login(session: Session, credentials: { readonly label: string; readonly pin: string | null }): void {
  loginAs(UserType.USER, session, credentials);
}

function loginAs(
  user: UserType,
  session: Session,
  { label, pin }: { readonly label: string; readonly pin: string | null },
): void {
  try {
    // Without a PIN the token asks for it on its own keypad (PKCS#11 v2.40, 5.6, C_Login with a
    // null pointer).
    if (pin === null) session.lib.C_Login(session.handle, user);
    else session.login(pin, user);
  } catch (thrown) {
    const ckr = ckrOf(thrown);
    if (ckr === null) throw thrown;
    const remedy = remedyOf(ckr);
    if (remedy.do === 'give-up' && remedy.problem === 'pin-refused')
      throw new TokenError({ kind: 'pin-refused', label, ckr });
    throw new TokenError({ kind: 'pkcs11-failed', operation: 'C_Login', ckr });
  }
}

function pinTries(slot: Slot): PinTriesLeft {
  const { flags } = attempt('C_GetTokenInfo', () => slot.getToken());
  if ((flags & TokenFlag.USER_PIN_LOCKED) !== 0) return 'none';
  if ((flags & TokenFlag.USER_PIN_FINAL_TRY) !== 0) return 'one';
  return (flags & TokenFlag.USER_PIN_COUNT_LOW) !== 0 ? 'few' : null;
}

/**
 * Reads how many tries of the PIN are left, without a login. The module is finalised again
 * afterwards. Throws `TokenError` when there is no such token.
 */
export function readPinTries(place: {
  readonly modulePath: string;
  readonly softhsmDirectory: string;
  readonly label: string;
}): PinTriesLeft {
  const pkcs11 = loadModule(place.modulePath);
  finaliseQuietly(pkcs11);
  initialiseModule(pkcs11, place.softhsmDirectory);
  try {
    return pinTries(findToken(pkcs11, place.label));
  } finally {
    finaliseQuietly(pkcs11);
  }
}

/**
 * Finalises the module, and ignores a failure: if the module cannot be used again, the next
 * C_Initialize fails.
 */
export function finaliseQuietly(pkcs11: Pkcs11): void {
  try {
    finaliseModule(pkcs11);
  } catch (thrown) {
    if (!(thrown instanceof TokenError)) throw thrown;
  }
}
