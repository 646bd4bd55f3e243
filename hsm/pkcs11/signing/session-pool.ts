/**
 * A fixed number of signing sessions, each with one operation at a time (PKCS#11 v2.40, 5.11), used
 * by `signing-threads.ts`. A session in which a call failed is closed, and opened again for its
 * next signature. A dead session is found by C_SignInit, which begins each signature and has no
 * effect if it fails; idle sessions are tested by `keepAlive`.
 *
 * It does not sign with graphene, whose input is a temporary buffer that the garbage collector may
 * free while C_Sign reads it. Here the buffers belong to the session.
 */
import type { Slot } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import { attempt, ckrOf, type Pkcs11Failed, TokenError } from '../failures.js';
import { KEY_TYPE_FACTS } from '../keys/key-types.js';
import type { TokenKey } from '../keys/keys.js';
import { SHA256_DIGEST_INFO } from '../keys/mechanisms.js';
import type { Pkcs11 } from '../module.js';
import { openSession } from '../token.js';
import { ecdsaSignatureDer } from './ecdsa-signature.js';

/** The pool was closed before this signature began. */
type PoolClosed = { readonly kind: 'pool-closed' };
type SignatureResult = Result<Bytes, Pkcs11Failed | PoolClosed>;

export type SessionPool = {
  /**
   * Signs a digest made with the key's hash: RSA PKCS#1 v1.5, or ECDSA as DER. Waits for a free
   * session.
   */
  sign(key: TokenKey, digest: Bytes): Promise<SignatureResult>;
  /**
   * Tests each session that was idle for `idleMs`, so that neither the token nor the network closes
   * it. Returns the first failure.
   */
  keepAlive(idleMs: number): Result<void, Pkcs11Failed>;
  /**
   * Waits for running signatures, answers waiting ones with `pool-closed`, and closes the sessions.
   */
  close(): Promise<void>;
};

/** `handle` is null while the session is closed. */
type PooledSession = { handle: Buffer | null; usedAt: number; readonly input: Buffer; readonly output: Buffer };
type SignatureRequest = {
  readonly key: TokenKey;
  readonly digest: Bytes;
  readonly settle: (result: SignatureResult) => void;
};

const INPUT_BYTES_MAX = 128;
/**
 * Length of the buffer for a signature: enough for RSA-8192, which is larger than all of our key
 * types.
 */
const SIGNATURE_BYTES_MAX = 1024;
/**
 * The state of a session with the user logged in (PKCS#11 v2.40, 3.3), which pkcs11js does not
 * define.
 */
const CKS_RW_USER_FUNCTIONS = 3;
/**
 * The number of sessions for each signing thread. With more than one, a thread finds its next
 * signature without waiting for the JavaScript thread.
 */
const SESSIONS_A_THREAD = 3;

/** Opens all sessions, several for each signing thread. Throws `TokenError`. */
export function openSessionPool({ library, threads }: Pkcs11, slot: Slot, threadCount: number): SessionPool {
  const sessionCount = threadCount * SESSIONS_A_THREAD;
  threads.start(threadCount);
  const sessions: readonly PooledSession[] = Array.from({ length: sessionCount }, () => ({
    handle: openSession(slot).handle,
    usedAt: performance.now(),
    input: Buffer.alloc(INPUT_BYTES_MAX),
    output: Buffer.alloc(SIGNATURE_BYTES_MAX),
  }));
  const free = [...sessions];
  const queue: SignatureRequest[] = [];
  let closed: (() => void) | null = null;

  function evict(session: PooledSession): void {
    if (session.handle) closeQuietly(library, session.handle);
    session.handle = null;
  }

  function start(session: PooledSession, { key, digest, settle }: SignatureRequest): void {
    const finish = (result: SignatureResult): void => {
      session.usedAt = performance.now();
      if (!result.ok) evict(session);
      const next = queue.shift();
      if (next) start(session, next);
      else {
        free.push(session);
        if (free.length === sessions.length) closed?.();
      }
      settle(result);
    };
    const isRsa = KEY_TYPE_FACTS[key.keyType].family === 'rsa';
    const length = fillInput(session.input, isRsa ? SHA256_DIGEST_INFO : null, digest);
    try {
      session.handle ??= openSession(slot).handle;
    } catch (thrown) {
      // `finish` is not called directly, because a queue of failing requests would recurse.
      setImmediate(finish, err(pkcs11Failed(thrown)));
      return;
    }
    threads.sign({
      session: session.handle,
      mechanism: isRsa ? pkcs11js.CKM_RSA_PKCS : pkcs11js.CKM_ECDSA,
      key: key.handle,
      input: session.input.subarray(0, length),
      output: session.output,
      done(made) {
        if (!made.ok) return finish(made);
        const signature = session.output.subarray(0, made.value);
        finish(ok(isRsa ? new Uint8Array(signature) : ecdsaSignatureDer(signature)));
      },
    });
  }

  return {
    sign: (key, digest) =>
      new Promise((settle) => {
        if (closed) return settle(err({ kind: 'pool-closed' }));
        const session = free.pop();
        if (session) start(session, { key, digest, settle });
        else queue.push({ key, digest, settle });
      }),
    keepAlive(idleMs) {
      const now = performance.now();
      for (const session of free) {
        const { handle } = session;
        if (!handle || now - session.usedAt < idleMs) continue;
        session.usedAt = now;
        const lives = requireLoggedIn(library, handle);
        if (!lives.ok) return lives;
      }
      return ok(undefined);
    },
    async close() {
      for (const { settle } of queue.splice(0)) settle(err({ kind: 'pool-closed' }));
      await new Promise<void>((resolve) => {
        closed = resolve;
        if (free.length === sessions.length) resolve();
      });
      for (const session of sessions) evict(session);
    },
  };
}

/** Checks a session. Fails when it is dead, or when the user is not logged in. */
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

/**
 * Closes the session, and ignores a failure: it is closed already, or is closed with the module.
 */
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
  if (thrown instanceof TokenError && thrown.failure.kind === 'pkcs11-failed') return thrown.failure;
  throw thrown;
}
