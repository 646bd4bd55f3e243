/**
 * One token, logged in, with its keys, that recovers from failures of the token. `ckr.ts` says
 * which remedy a failure needs; it is applied here. The first caller that meets a failure starts
 * the repair for all; the others wait for it, and then sign with the new sessions. If a failure
 * repeats, the next stronger remedy is used; the last one is to end this process.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, Slot } from 'graphene-pk11';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, equalBytes } from '../../../src/kernel/bytes.js';
import type { Json } from '../../../src/kernel/json.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import type { KeyType } from '../../../src/x509/model.js';
import type { RemedyName, TokenFault } from '../../wire/token-fault.js';
import { remedyOf } from '../ckr.js';
import { faultOf, TokenError, type TokenFailure } from '../failures.js';
import { findKey, type TokenKey } from '../keys/keys.js';
import { findToken, initialiseModule, loadModule } from '../module.js';
import type { RefusedPins } from '../pin/pin-file.js';
import { reportJson, reportKeys, reportToken } from '../report.js';
import { finaliseQuietly, login, openSession } from '../token.js';
import { selfTestKey } from './hash-and-sign.js';
import { closeQuietly, openSessionPool, requireLoggedIn, type SessionPool } from './session-pool.js';

type ExpectedKey = {
  readonly label: string;
  readonly keyType: KeyType;
  /** SubjectPublicKeyInfo of the certificate of the key, DER; null: the key has no certificate. */
  readonly publicKey: Bytes | null;
};

type SigningTokenPlan = {
  readonly modulePath: string;
  readonly softhsmDirectory: string;
  readonly label: string;
  readonly threads: number;
  readonly expected: readonly ExpectedKey[];
  /** Called at each login. Throws `TokenError` when the PIN must not be used. */
  readonly readPin: () => string;
  readonly refused: Pick<RefusedPins, 'remember' | 'forget'>;
  readonly onFault: (fault: TokenFault) => void;
  /**
   * Called when this process can no longer use the token and no signature is waiting that could
   * report this.
   */
  readonly onLost: (failure: TokenFailure) => void;
  /** A session that was idle for this long is tested. */
  readonly keepAliveMs: number;
};

export type SigningToken = {
  /** Signs a digest. Fails only when another process, or an operator, is needed. */
  sign(label: string, digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
  /** What the token reported about itself and its keys when it was opened (`report.ts`). */
  readonly report: Json;
};

type OpenToken = {
  /**
   * A session that stays open, because the login ends with the last session (PKCS#11 v2.40, 5.6).
   */
  readonly control: Session;
  readonly pool: SessionPool;
  readonly keys: ReadonlyMap<string, TokenKey>;
};
type Repair = Extract<RemedyName, 'login' | 'reinitialise'>;

const REMEDIES_IN_ORDER = ['retry', 'login', 'reinitialise'] as const;
const ATTEMPTS_MAX = 4;
/**
 * Time limit of a repair. It is shorter than the default time limit of a request, after which the
 * supervisor kills this process.
 */
const REPAIR_MS_MAX = 2_000;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 800;
/** A repair that begins within this time after the last one waits for a moment first. */
const REPEATED_WITHIN_MS = 10_000;

/** Opens the token, logs in, and tests the expected keys. Throws `TokenError`. */
export async function openSigningToken(plan: SigningTokenPlan): Promise<SigningToken> {
  const pkcs11 = loadModule(plan.modulePath);
  let slot: Slot = reach();
  const first = await open();
  const report = reportJson(reportToken(slot), reportKeys(first.control));
  let current: OpenToken | null = first;
  let repairing: Promise<Result<void, TokenFailure>> | null = null;
  let repairedAt = Number.NEGATIVE_INFINITY;
  let repairs = 0;
  let lost: TokenFailure | null = null;

  function reach(): Slot {
    initialiseModule(pkcs11, plan.softhsmDirectory);
    return findToken(pkcs11, plan.label);
  }

  async function open(): Promise<OpenToken> {
    const control = openSession(slot);
    let pool: SessionPool | null = null;
    try {
      logIn(control);
      const keys = new Map(plan.expected.map((expected) => [expected.label, findExpectedKey(control, expected)]));
      pool = openSessionPool(pkcs11, slot, plan.threads);
      // Test signatures of all keys are verified before anything else is signed in these sessions.
      for (const key of keys.values()) await selfTestKey(key, pool);
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
      const failure = thrown instanceof TokenError ? thrown.failure : null;
      if (failure?.kind === 'pin-refused') plan.refused.remember(pin);
      // This failure is no fault: an earlier session of this process has logged in, with the same
      // PIN.
      if (failure?.kind !== 'pkcs11-failed' || failure.ckr !== 'CKR_USER_ALREADY_LOGGED_IN') throw thrown;
    }
    plan.refused.forget();
  }

  function note(failure: TokenFailure, remedy: RemedyName): void {
    plan.onFault({ ...faultOf(failure), remedy });
  }

  /** Repairs once for all callers. Returns at once if `broken` has been replaced already. */
  function repair(broken: OpenToken, kind: Repair): Promise<Result<void, TokenFailure>> {
    if (current !== broken) return repairing ?? Promise.resolve(ok(undefined));
    current = null;
    repairing = repairNow(broken, kind).then((repaired) => {
      if (!repaired.ok) lost = repaired.error;
      repairing = null;
      return repaired;
    });
    return repairing;
  }

  async function repairNow(broken: OpenToken, first: Repair): Promise<Result<void, TokenFailure>> {
    repairs = performance.now() - repairedAt > REPEATED_WITHIN_MS ? 0 : repairs + 1;
    const until = performance.now() + REPAIR_MS_MAX;
    await broken.pool.close();
    closeQuietly(pkcs11.library, broken.control.handle);
    let kind = first;
    for (let pauses = repairs; ; pauses += 1) {
      if (pauses > 0) await sleep(Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** (pauses - 1)));
      try {
        if (kind === 'reinitialise') {
          finaliseQuietly(pkcs11);
          slot = reach();
        }
        current = await open();
        repairedAt = performance.now();
        return ok(undefined);
      } catch (thrown) {
        if (!(thrown instanceof TokenError)) throw thrown;
        const next = afterFailedRepair(thrown.failure, kind);
        const mustGiveUp = next === 'replace' || performance.now() > until;
        note(thrown.failure, mustGiveUp ? 'replace' : next);
        if (mustGiveUp) return err(thrown.failure);
        kind = next;
      }
    }
  }

  async function opened(): Promise<Result<OpenToken, TokenFailure>> {
    while (repairing) await repairing;
    return lost ? err(lost) : ok(present(current, 'a token that is open or being repaired'));
  }

  setInterval(keepAlive, plan.keepAliveMs).unref();
  function keepAlive(): void {
    if (!current) return;
    const control = requireLoggedIn(pkcs11.library, current.control.handle);
    const alive = control.ok ? current.pool.keepAlive(plan.keepAliveMs) : control;
    if (alive.ok) return;
    // If one idle session is dead, the others and the login probably are too. All are opened again
    // now, while no signature waits.
    const found = remedyOf(alive.error.ckr).do;
    const remedy = found === 'retry' ? 'login' : found;
    note(alive.error, remedy);
    if (remedy === 'login' || remedy === 'reinitialise') {
      void repair(current, remedy).then((repaired) => {
        if (!repaired.ok) plan.onLost(repaired.error);
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
        const repaired = await repair(token.value, remedy);
        if (!repaired.ok) return repaired;
      }
    },
  };
}

/**
 * Returns the remedy after a failed attempt of a request: `remedy`, or the one that
 * `REMEDIES_IN_ORDER` has for this attempt if it is the stronger one. After the last attempt, the
 * process is replaced.
 */
function escalate(remedy: RemedyName, attempt: number): RemedyName {
  if (remedy === 'replace' || remedy === 'give-up') return remedy;
  if (attempt >= ATTEMPTS_MAX) return 'replace';
  return REMEDIES_IN_ORDER[Math.max(REMEDIES_IN_ORDER.indexOf(remedy), attempt - 1)] ?? 'replace';
}

/**
 * Returns the next remedy after a repair that has failed. A missing token may come back. A missing
 * key can mean that the token has dropped the login and that the module did not notice.
 */
function afterFailedRepair(failure: TokenFailure, kind: Repair): Repair | 'replace' {
  if (failure.kind === 'token-not-found') return 'reinitialise';
  if (failure.kind === 'key-not-found') return kind === 'login' ? 'reinitialise' : 'replace';
  if (failure.kind !== 'pkcs11-failed') return 'replace';
  const remedy = remedyOf(failure.ckr).do;
  return remedy === 'replace' || remedy === 'give-up' ? 'replace' : 'reinitialise';
}

/** Finds the key and checks its type and that it matches its certificate. Throws `TokenError`. */
function findExpectedKey(session: Session, { label, keyType, publicKey }: ExpectedKey): TokenKey {
  const key = findKey(session, label);
  const mismatch = (detail: string) => new TokenError({ kind: 'key-mismatch', label, detail });
  if (key.keyType !== keyType) throw mismatch(`it is ${key.keyType}, not ${keyType}`);
  if (publicKey !== null && !equalBytes(publicKey, key.publicKey))
    throw mismatch('it is not the key of its certificate');
  return key;
}
