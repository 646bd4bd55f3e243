/**
 * Signing sessions: a fixed number, one operation each (PKCS#11 v2.40, 5.11), signed in by `signing-threads.ts`. A session in
 * which a call failed is closed; whoever borrows its place opens another. C_SignInit, which every signature begins with and
 * which undoes nothing, is what finds a dead session; idle ones are looked at by `keepAlive`.
 *
 * Below graphene on purpose: it makes the input a temporary that the garbage collector may free while C_Sign reads it. Here input
 * and output belong to the session.
 */
import type { Slot } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import { attempt, ckrOf, type Pkcs11Failed, TokenFailed } from '../failures.js';
import { KEY_TYPE_FACTS } from '../keys/key-types.js';
import type { TokenKey } from '../keys/keys.js';
import type { Pkcs11 } from '../module.js';
import { openSession } from '../token.js';
import { ecdsaSignatureDer } from './ecdsa-signature.js';

/** Not begun: the pool was closed while the request waited for a session. */
export type PoolClosed = { readonly kind: 'pool-closed' };
type Signed = Result<Bytes, Pkcs11Failed | PoolClosed>;

export type SessionPool = {
  /** Signs a digest of the key's own hash; RSA PKCS#1 v1.5 as it is, ECDSA as DER. Waits for a free session. */
  sign(key: TokenKey, digest: Bytes): Promise<Signed>;
  /** Asks the token about every session that has done nothing for `idleMs`, so that neither side forgets it. First failure. */
  keepAlive(idleMs: number): Result<void, Pkcs11Failed>;
  /** Lets what is being signed finish, answers what waits with `pool-closed`, closes the sessions. */
  close(): Promise<void>;
};

/** `handle` is null when no session is open in this place. */
type Place = { handle: Buffer | null; usedAt: number; readonly input: Buffer; readonly output: Buffer };
type Waiting = {
  readonly key: TokenKey;
  readonly digest: Bytes;
  readonly settle: (result: Signed) => void;
};

/** DER of a DigestInfo for SHA-256 up to the digest (RFC 8017 9.2, note 1). */
const SHA256_DIGEST_INFO = Uint8Array.of(
  ...[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20],
);
const INPUT_BYTES_MAX = 128;
/** RSA-8192: more than any key type of ours. */
const SIGNATURE_BYTES_MAX = 1024;
/** A session in which the user is logged in (PKCS#11 v2.40, 3.4); pkcs11js has no name for it. */
const CKS_RW_USER_FUNCTIONS = 3;
/** So that a thread that has signed finds the next signature asked for, and not the JavaScript thread to wait for. */
const SESSIONS_A_THREAD = 3;

/** Opens all its sessions, several for each of the threads that sign. Throws `TokenFailed`. */
export function openSessionPool({ library, threads }: Pkcs11, slot: Slot, threadCount: number): SessionPool {
  const sessionCount = threadCount * SESSIONS_A_THREAD;
  threads.start(threadCount);
  const places: readonly Place[] = Array.from({ length: sessionCount }, () => ({
    handle: openSession(slot).handle,
    usedAt: performance.now(),
    input: Buffer.alloc(INPUT_BYTES_MAX),
    output: Buffer.alloc(SIGNATURE_BYTES_MAX),
  }));
  const free = [...places];
  const queue: Waiting[] = [];
  let closed: (() => void) | null = null;

  function evict(place: Place): void {
    if (place.handle) closeQuietly(library, place.handle);
    place.handle = null;
  }

  function start(place: Place, { key, digest, settle }: Waiting): void {
    const finish = (result: Signed): void => {
      place.usedAt = performance.now();
      if (!result.ok) evict(place);
      const next = queue.shift();
      if (next) start(place, next);
      else {
        free.push(place);
        if (free.length === places.length) closed?.();
      }
      settle(result);
    };
    const isRsa = KEY_TYPE_FACTS[key.keyType].family === 'rsa';
    const length = fillInput(place.input, isRsa ? SHA256_DIGEST_INFO : null, digest);
    try {
      place.handle ??= openSession(slot).handle;
    } catch (thrown) {
      // Not through the stack of the caller's other requests: a queue of failures would recurse.
      setImmediate(finish, err(pkcs11Failed(thrown)));
      return;
    }
    threads.sign({
      session: place.handle,
      mechanism: isRsa ? pkcs11js.CKM_RSA_PKCS : pkcs11js.CKM_ECDSA,
      key: key.handle,
      input: place.input.subarray(0, length),
      output: place.output,
      done(made) {
        if (!made.ok) return finish(made);
        const signature = place.output.subarray(0, made.value);
        finish(ok(isRsa ? new Uint8Array(signature) : ecdsaSignatureDer(signature)));
      },
    });
  }

  return {
    sign: (key, digest) =>
      new Promise((settle) => {
        if (closed) return settle(err({ kind: 'pool-closed' }));
        const place = free.pop();
        if (place) start(place, { key, digest, settle });
        else queue.push({ key, digest, settle });
      }),
    keepAlive(idleMs) {
      const now = performance.now();
      for (const place of free) {
        const { handle } = place;
        if (!handle || now - place.usedAt < idleMs) continue;
        place.usedAt = now;
        const lives = requireLoggedIn(library, handle);
        if (!lives.ok) return lives;
      }
      return ok(undefined);
    },
    async close() {
      for (const { settle } of queue.splice(0)) settle(err({ kind: 'pool-closed' }));
      await new Promise<void>((resolve) => {
        closed = resolve;
        if (free.length === places.length) resolve();
      });
      for (const place of places) evict(place);
    },
  };
}

/** The session lives, and its token knows who we are. */
export function requireLoggedIn(library: Pkcs11['library'], handle: Buffer): Result<void, Pkcs11Failed> {
  const operation = 'C_GetSessionInfo';
  try {
    const { state } = attempt(operation, () => library.C_GetSessionInfo(handle));
    if (state === CKS_RW_USER_FUNCTIONS) return ok(undefined);
  } catch (thrown) {
    return err(pkcs11Failed(thrown));
  }
  return err({ kind: 'pkcs11-failed', operation, ckr: 'CKR_USER_NOT_LOGGED_IN' });
}

/** A session that cannot be closed is closed already, or goes with the module. */
export function closeQuietly(library: Pkcs11['library'], handle: Buffer): void {
  try {
    library.C_CloseSession(handle);
  } catch (thrown) {
    if (ckrOf(thrown) === null) throw thrown;
  }
}

function fillInput(input: Buffer, prefix: Bytes | null, digest: Bytes): number {
  input.set(prefix ?? new Uint8Array(0), 0);
  const at = prefix?.length ?? 0;
  input.set(digest, at);
  return at + digest.length;
}

function pkcs11Failed(thrown: unknown): Pkcs11Failed {
  if (thrown instanceof TokenFailed && thrown.failure.kind === 'pkcs11-failed') return thrown.failure;
  throw thrown;
}
