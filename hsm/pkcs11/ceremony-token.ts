/**
 * Tokens for ceremonies, in the process of a command, never in the service.
 *
 * A ceremony can use several tokens, such as the root's and the issuing CA's, each in a SoftHSM
 * directory of its own. SoftHSM reads SOFTHSM2_CONF at C_Initialize, and uses that directory until
 * C_Finalize. Therefore one token at a time is *in the reader*: an operation first inserts its
 * token if it is not there (C_Finalize, SOFTHSM2_CONF, C_Initialize, C_Login: about 2 ms), and
 * operations take turns. The alternative, a child process for each token, would need a protocol to
 * request a signature over any bytes, which must not exist.
 *
 * A token is locked (`hsm/exclusive-lock.ts`) from opening to closing, so that a ceremony and a
 * signer never have it open at the same time. Functions reject with `TokenError`: a ceremony stops
 * at the first failure.
 */
import type { Session, Slot } from 'graphene-pk11';
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import type { KeyType } from '../../src/x509/model.js';
import { acquireLock, type ExclusiveLock } from '../exclusive-lock.js';
import { attempt, TokenError } from './failures.js';
import { type KeyAttributes, readAttributes } from './keys/attributes.js';
import {
  destroyKeyPair,
  findKey,
  findPrivateKey,
  generateKeyPair,
  isLabelTaken,
  privateKeyLabels,
} from './keys/keys.js';
import { finaliseModule, findToken, initialiseModule, loadModule, type Pkcs11 } from './module.js';
import { reportToken, type TokenReport } from './report.js';
import { hashAndSign, selfTestKey } from './signing/hash-and-sign.js';
import { openSessionPool, type SessionPool } from './signing/session-pool.js';
import { prepareSofthsmDirectory, readTokenFiles } from './softhsm/softhsm-files.js';
import { repairTokens } from './softhsm/softhsm-repair.js';
import { changeSoPin, initialiseToken, login, type NewToken, openSession, resetPin } from './token.js';

export type CeremonyTokenLocation = {
  /** Path of the vendor's PKCS#11 module: `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly modulePath: string;
  /** Folder that only this token uses, for `softhsm2.conf` and `tokens/`. */
  readonly directory: string;
  readonly label: string;
  readonly pin: string;
};

/** `pin` is null: the HSM asks for it on its own keypad (CKF_PROTECTED_AUTHENTICATION_PATH). */
type OpenableToken = Omit<CeremonyTokenLocation, 'pin'> & { readonly pin: string | null };

export type CeremonyToken = {
  /**
   * Makes a key pair on the token, checks its attributes and a test signature, and returns the
   * SPKI, DER.
   */
  generateKey(label: string, keyType: KeyType): Promise<Bytes>;
  /** Returns the SubjectPublicKeyInfo, DER, of a key with correct attributes. */
  publicKey(label: string): Promise<Bytes>;
  /** Whether any key has this label, which is also its CKA_ID: a pair, half of one, or several. */
  isTaken(label: string): Promise<boolean>;
  /** Reads the attributes of the private key, as the token reports them, for the transcript. */
  attributes(label: string): Promise<KeyAttributes>;
  /**
   * Signs to-be-signed bytes with the hash of the key type; returns the content of the BIT STRING.
   */
  sign(label: string, keyType: KeyType, tbs: Bytes): Promise<Bytes>;
  destroyKey(label: string): Promise<void>;
  /** Changes the PIN. This object uses the new PIN afterwards. */
  changePin(pin: string): Promise<void>;
  info(): Promise<TokenReport>;
  /** Returns the labels of all private keys, whatever their attributes are. */
  keys(): Promise<readonly string[]>;
  /**
   * Reads the files of a SoftHSM token, below `tokens/`. They are read while no module has the
   * token open, because SoftHSM writes some of them at every login.
   */
  copy(): Promise<ReadonlyMap<string, Bytes>>;
  /** Takes the token out of the reader and releases its lock. */
  close(): Promise<void>;
};

/** Makes a new token. Rejects with `token-exists` if the module has a token with this label. */
export async function createCeremonyToken(
  location: CeremonyTokenLocation & Pick<NewToken, 'soPin' | 'factorySoPin'>,
): Promise<CeremonyToken> {
  const lock = await lockToken(location.directory);
  try {
    prepareSofthsmDirectory(location.directory);
    await reader.use(location, { initialise: location }, async () => undefined);
    return ceremonyToken(location, lock);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/**
 * Loads our loader, which protects the memory of this process (hsm/loader/loader.c), before a token
 * is opened. A module that cannot be loaded is reported when a token is opened.
 */
export function protectMemory(modulePath: string): void {
  moduleFault(modulePath);
}

/** Loads the module, and says why that fails; null: the module is loaded. */
export function moduleFault(modulePath: string): TokenError | null {
  try {
    loadModule(modulePath);
    return null;
  } catch (thrown) {
    if (thrown instanceof TokenError) return thrown;
    throw thrown;
  }
}

/** Opens an existing token, and tries the PIN once. */
export async function openCeremonyToken(location: OpenableToken): Promise<CeremonyToken> {
  const lock = await lockToken(location.directory);
  try {
    prepareSofthsmDirectory(location.directory);
    await reader.use(location, {}, async () => undefined);
    return ceremonyToken(location, lock);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/**
 * Checks without a login that the module has exactly one token with this label; no process may have
 * it open. Rejects with `TokenError` otherwise.
 */
export function requireCeremonyToken(location: Omit<CeremonyTokenLocation, 'pin'>): Promise<void> {
  return withModule(location, (pkcs11) => void findToken(pkcs11, location.label));
}

/**
 * Sets the user's PIN with a login of the security officer, while no process has the token open.
 */
export function resetUserPin(
  location: Omit<CeremonyTokenLocation, 'pin'>,
  pins: { readonly soPin: string; readonly pin: string },
): Promise<void> {
  return withModule(location, (pkcs11) => resetPin(pkcs11, { label: location.label, ...pins }));
}

/**
 * Changes the security officer's PIN while no process has the token open. `soPins`: the PINs that
 * may be its present one, the most likely first.
 */
export function changeSecurityOfficersPin(
  location: Omit<CeremonyTokenLocation, 'pin'>,
  pins: { readonly soPins: readonly string[]; readonly next: string },
): Promise<void> {
  return withModule(location, (pkcs11) => changeSoPin(pkcs11, { label: location.label, ...pins }));
}

async function withModule(location: Omit<CeremonyTokenLocation, 'pin'>, act: (pkcs11: Pkcs11) => void): Promise<void> {
  const lock = await lockToken(location.directory);
  try {
    prepareSofthsmDirectory(location.directory);
    await reader.alone(location, act);
    repairTokens(location.directory);
  } finally {
    lock.release();
  }
}

/**
 * How long to wait for the lock. A signer that is being stopped releases its token within a second
 * or two.
 */
const LOCK_WAIT_MS_MAX = 5_000;

async function lockToken(directory: string): Promise<ExclusiveLock> {
  const lock = await acquireLock(directory, LOCK_WAIT_MS_MAX);
  if (lock.ok) return lock.value;
  const { owner, waitedMs } = lock.error;
  throw new TokenError({ kind: 'token-busy', directory, owner, waitedMs });
}

type InsertedToken = { readonly slot: Slot; readonly session: Session; readonly pool: SessionPool };

/** The PKCS#11 module of this process, which can use the token of one directory at a time. */
const reader = (() => {
  let inside: { readonly directory: string; readonly inserted: InsertedToken } | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let pkcs11: Pkcs11 | null = null;

  function eject(): void {
    inside = null;
    if (pkcs11) finaliseModule(pkcs11);
  }

  function insert(location: OpenableToken, { initialise }: { readonly initialise?: NewToken }): InsertedToken {
    if (inside?.directory === location.directory && initialise === undefined) return inside.inserted;
    if (inside) eject();
    pkcs11 = loadModule(location.modulePath);
    initialiseModule(pkcs11, location.directory);
    try {
      const { label, pin } = location;
      if (initialise !== undefined) initialiseToken(pkcs11, initialise);
      const slot = findToken(pkcs11, label);
      const session = openSession(slot);
      login(session, { label, pin });
      const inserted = { slot, session, pool: openSessionPool(pkcs11, slot, 1) };
      inside = { directory: location.directory, inserted };
      return inserted;
    } catch (thrown) {
      eject();
      throw thrown;
    }
  }

  return {
    use<Value>(
      location: OpenableToken,
      options: { readonly initialise?: NewToken },
      act: (inserted: InsertedToken) => Promise<Value>,
    ): Promise<Value> {
      const mine = turn.then(() => act(insert(location, options)));
      turn = mine.catch(() => undefined);
      return mine;
    },
    /** Runs `act` with the module on that token without a login. The reader is empty afterwards. */
    alone(location: Omit<OpenableToken, 'pin'>, act: (module: Pkcs11) => void): Promise<void> {
      const mine = turn.then(() => {
        if (inside) eject();
        const module = loadModule(location.modulePath);
        pkcs11 = module;
        initialiseModule(module, location.directory);
        try {
          act(module);
        } finally {
          eject();
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    /** Runs `act` while the token of this directory is not in the reader. */
    without<Value>(directory: string, act: () => Value): Promise<Value> {
      const mine = turn.then(() => {
        if (inside?.directory === directory) eject();
        return act();
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
})();

function ceremonyToken(opened: OpenableToken, lock: ExclusiveLock): CeremonyToken {
  let open = true;
  let location = opened;
  const use = <Value>(act: (inserted: InsertedToken) => Value | Promise<Value>): Promise<Value> => {
    assert(open, `the token ${location.label} is closed`);
    return reader.use(location, {}, async (inserted) => act(inserted));
  };
  return {
    generateKey: (label, keyType) =>
      use(async ({ session, pool }) => {
        const key = generateKeyPair(session, label, keyType);
        await selfTestKey(key, pool);
        return key.publicKey;
      }),
    publicKey: (label) => use(({ session }) => findKey(session, label).publicKey),
    isTaken: (label) => use(({ session }) => isLabelTaken(session, label)),
    attributes: (label) => use(({ session }) => readAttributes(findPrivateKey(session, label))),
    sign: (label, keyType, tbs) =>
      use(({ session, pool }) => {
        const key = findKey(session, label);
        if (key.keyType === keyType) return hashAndSign(key, tbs, pool);
        throw new TokenError({ kind: 'key-mismatch', label, detail: `it is ${key.keyType}, not ${keyType}` });
      }),
    destroyKey: (label) => use(({ session }) => destroyKeyPair(session, label)),
    async changePin(pin) {
      await use(({ session }) => {
        const { pin: old } = location;
        if (old === null)
          throw new TokenError({ kind: 'pkcs11-failed', operation: 'C_SetPIN', ckr: 'CKR_PIN_INVALID' });
        attempt('C_SetPIN', () => session.setPin(old, pin));
        location = { ...location, pin };
      });
      await reader.without(location.directory, () => repairTokens(location.directory));
    },
    info: () => use(({ slot }) => reportToken(slot)),
    keys: () => use(({ session }) => privateKeyLabels(session)),
    copy: () => reader.without(location.directory, () => tokenFiles(location)),
    async close() {
      open = false;
      await reader.without(location.directory, () => undefined);
      lock.release();
    },
  };
}

/**
 * Reads the files of a SoftHSM token. Throws `TokenError` if there are none: an HSM has a backup
 * procedure of its own.
 */
function tokenFiles({ directory, label }: OpenableToken): ReadonlyMap<string, Bytes> {
  const files = readTokenFiles(directory);
  if (files.size === 0) throw new TokenError({ kind: 'token-not-found', label, seen: [] });
  return files;
}
