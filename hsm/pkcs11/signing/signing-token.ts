/**
 * One token, logged in, with its keys, that survives what tokens do: `ckr.ts` says which failure asks for what, here it is done.
 * Whoever meets a failure first has it mended, for all; the others wait, and then sign with what was found anew. A failure
 * that comes again asks for the next dearer remedy; the last is to let this process go.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, Slot } from 'graphene-pk11';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, equalBytes } from '../../../src/kernel/bytes.js';
import type { Json } from '../../../src/kernel/json.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import type { KeyType } from '../../../src/x509/model.js';
import { type Remedy, remedyOf } from '../ckr.js';
import { faultOf, TokenFailed, type TokenFailure } from '../failures.js';
import { findKey, type TokenKey } from '../keys/keys.js';
import { findToken, initialiseModule, loadModule } from '../module.js';
import type { RefusedPins } from '../pin/pin-file.js';
import { reportJson, reportKeys, reportToken } from '../report.js';
import { finaliseQuietly, login, openSession } from '../token.js';
import { closeQuietly, openSessionPool, requireLoggedIn, type SessionPool } from './session-pool.js';
import { selfCheck } from './sign-whole.js';

export type ExpectedKey = {
  readonly label: string;
  readonly keyType: KeyType;
  /** SubjectPublicKeyInfo of its certificate, DER; null where there is none. */
  readonly publicKey: Bytes | null;
};

/** One failure of one call, and what is done about it. */
export type TokenFault = { readonly operation: string; readonly ckr: string; readonly remedy: Remedy['do'] };

export type SigningTokenPlan = {
  readonly modulePath: string;
  readonly softhsmDirectory: string;
  readonly label: string;
  readonly threads: number;
  readonly expected: readonly ExpectedKey[];
  /** Read when it is needed, kept nowhere. Throws `TokenFailed` where it must not be used. */
  readonly readPin: () => string;
  readonly refused: Pick<RefusedPins, 'remember' | 'forget'>;
  readonly onFault: (fault: TokenFault) => void;
  /** Nothing of this process will reach the token again; nobody is waiting for it to be said. */
  readonly onLost: (failure: TokenFailure) => void;
  /** A session that did nothing for so long is asked whether it lives. */
  readonly keepAliveMs: number;
};

export type SigningToken = {
  /** A failure is one that only another process, or an operator, can help. */
  sign(label: string, digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
  /** Token and keys as they were when it was opened (`report.ts`). */
  readonly report: Json;
};

type Opened = {
  /** Logged in, and kept open: with the last session the login would end (PKCS#11 v2.40, 5.6). */
  readonly control: Session;
  readonly pool: SessionPool;
  readonly keys: ReadonlyMap<string, TokenKey>;
};
type Mending = 'login' | 'reinitialise';

const LADDER = ['retry', 'login', 'reinitialise'] as const;
const ATTEMPTS_MAX = 4;
/** Less than a request's deadline: a token that stays away is the supervisor's to answer for. */
const MENDING_MS_MAX = 2_000;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 800;
/** Mendings that follow each other within this time are spaced out. */
const CALM_MS = 10_000;

/** Throws `TokenFailed`. */
export async function openSigningToken(plan: SigningTokenPlan): Promise<SigningToken> {
  const pkcs11 = loadModule(plan.modulePath);
  let slot: Slot = reach();
  const first = await open();
  const report = reportJson(reportToken(slot), reportKeys(first.control));
  let current: Opened | null = first;
  let mending: Promise<Result<void, TokenFailure>> | null = null;
  let mendedAt = Number.NEGATIVE_INFINITY;
  let mendings = 0;
  let lost: TokenFailure | null = null;

  function reach(): Slot {
    initialiseModule(pkcs11, plan.softhsmDirectory);
    return findToken(pkcs11, plan.label);
  }

  async function open(): Promise<Opened> {
    const control = openSession(slot);
    let pool: SessionPool | null = null;
    try {
      logIn(control);
      const keys = new Map(plan.expected.map((expected) => [expected.label, fitKey(control, expected)]));
      pool = openSessionPool(pkcs11, slot, plan.threads);
      // Before anything is signed: these keys, through these sessions, sign what the certificates verify.
      for (const key of keys.values()) await selfCheck(key, pool);
      return { control, pool, keys };
    } catch (thrown) {
      await pool?.close();
      closeQuietly(pkcs11.library, control.handle);
      throw thrown;
    }
  }

  function logIn(session: Session): void {
    const pin = plan.readPin();
    try {
      login(session, { label: plan.label, pin });
    } catch (thrown) {
      const failure = thrown instanceof TokenFailed ? thrown.failure : null;
      if (failure?.kind === 'pin-refused') plan.refused.remember(pin);
      // Of an earlier session of ours, and with this PIN: no other was ever given.
      if (failure?.kind !== 'pkcs11-failed' || failure.ckr !== 'CKR_USER_ALREADY_LOGGED_IN') throw thrown;
    }
    plan.refused.forget();
  }

  function note(failure: TokenFailure, remedy: Remedy['do']): void {
    plan.onFault({ ...faultOf(failure), remedy });
  }

  /** Once for all who ask for it; at once for who comes with what was replaced meanwhile. */
  function mend(broken: Opened, how: Mending): Promise<Result<void, TokenFailure>> {
    if (current !== broken) return mending ?? Promise.resolve(ok(undefined));
    current = null;
    mending = mendNow(broken, how).then((mended) => {
      if (!mended.ok) lost = mended.error;
      mending = null;
      return mended;
    });
    return mending;
  }

  async function mendNow(broken: Opened, first: Mending): Promise<Result<void, TokenFailure>> {
    mendings = performance.now() - mendedAt > CALM_MS ? 0 : mendings + 1;
    const until = performance.now() + MENDING_MS_MAX;
    await broken.pool.close();
    closeQuietly(pkcs11.library, broken.control.handle);
    let how = first;
    for (let pauses = mendings; ; pauses += 1) {
      if (pauses > 0) await sleep(Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** (pauses - 1)));
      try {
        if (how === 'reinitialise') {
          finaliseQuietly(pkcs11);
          slot = reach();
        }
        current = await open();
        mendedAt = performance.now();
        return ok(undefined);
      } catch (thrown) {
        if (!(thrown instanceof TokenFailed)) throw thrown;
        const next = afterFailedMending(thrown.failure, how);
        const isOver = next === 'replace' || performance.now() > until;
        note(thrown.failure, isOver ? 'replace' : next);
        if (isOver) return err(thrown.failure);
        how = next;
      }
    }
  }

  async function opened(): Promise<Result<Opened, TokenFailure>> {
    while (mending) await mending;
    return lost ? err(lost) : ok(present(current, 'a token that is open or being mended'));
  }

  setInterval(keepAlive, plan.keepAliveMs).unref();
  function keepAlive(): void {
    if (!current) return;
    const control = requireLoggedIn(pkcs11.library, current.control.handle);
    const alive = control.ok ? current.pool.keepAlive(plan.keepAliveMs) : control;
    if (alive.ok) return;
    // Where one died of idleness the others will have too, and the login with the last: all are made anew while nobody waits.
    const found = remedyOf(alive.error.ckr).do;
    const remedy = found === 'retry' ? 'login' : found;
    note(alive.error, remedy);
    if (remedy === 'login' || remedy === 'reinitialise') {
      void mend(current, remedy).then((mended) => {
        if (!mended.ok) plan.onLost(mended.error);
      });
    } else plan.onLost(alive.error);
  }

  return {
    report,
    async sign(label, digest) {
      for (let attempt = 1; ; attempt += 1) {
        const token = await opened();
        if (!token.ok) return token;
        const { pool, keys } = token.value;
        const signature = await pool.sign(present(keys.get(label), `key ${label}`), digest);
        if (signature.ok) return signature;
        const failure = signature.error;
        if (failure.kind === 'pool-closed') {
          attempt -= 1;
          continue;
        }
        const remedy = escalate(remedyOf(failure.ckr).do, attempt);
        note(failure, remedy);
        if (remedy === 'replace' || remedy === 'give-up') return err(failure);
        if (remedy === 'retry') continue;
        const mended = await mend(token.value, remedy);
        if (!mended.ok) return mended;
      }
    },
  };
}

/** The same request failing again asks for more than it did the time before. */
function escalate(remedy: Remedy['do'], attempt: number): Remedy['do'] {
  if (remedy === 'replace' || remedy === 'give-up') return remedy;
  if (attempt >= ATTEMPTS_MAX) return 'replace';
  return LADDER[Math.max(LADDER.indexOf(remedy), attempt - 1)] ?? 'replace';
}

/** A token that is not there may come back; a key that is not seen may be behind a login that only the module believes in. */
function afterFailedMending(failure: TokenFailure, how: Mending): Mending | 'replace' {
  if (failure.kind === 'token-not-found') return 'reinitialise';
  if (failure.kind === 'key-not-found') return how === 'login' ? 'reinitialise' : 'replace';
  if (failure.kind !== 'pkcs11-failed') return 'replace';
  const remedy = remedyOf(failure.ckr).do;
  return remedy === 'replace' || remedy === 'give-up' ? 'replace' : 'reinitialise';
}

/** Fit, of the expected type, and the key of its certificate. Throws `TokenFailed`. */
function fitKey(session: Session, { label, keyType, publicKey }: ExpectedKey): TokenKey {
  const key = findKey(session, label);
  const mismatch = (detail: string) => new TokenFailed({ kind: 'key-mismatch', label, detail });
  if (key.keyType !== keyType) throw mismatch(`it is ${key.keyType}, not ${keyType}`);
  if (publicKey !== null && !equalBytes(publicKey, key.publicKey))
    throw mismatch('it is not the key of its certificate');
  return key;
}
