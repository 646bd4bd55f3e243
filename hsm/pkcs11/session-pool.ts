/**
 * Signing sessions. PKCS#11 allows one operation a session (v2.40, 5.11), so signatures that shall run at the same time need a
 * session each. C_SignInit is quick and runs at once; C_Sign runs on libuv's pool.
 *
 * Below graphene on purpose: pkcs11js hands the addresses of input and output to another thread and holds neither; graphene
 * makes the input a temporary that the garbage collector may free while C_Sign reads it. Here both belong to the session.
 */
import type { Slot } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { assert, present } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { ecdsaSignatureDer } from './ecdsa-signature.js';
import { ckrOf, type TokenFailure } from './failures.js';
import { KEY_TYPE_FACTS } from './key-types.js';
import type { TokenKey } from './keys.js';
import type { Pkcs11 } from './module.js';
import { openSession } from './token.js';

export type SessionPool = {
  /** Signs a digest of the key's own hash; RSA PKCS#1 v1.5 as it is, ECDSA as DER. Waits for a free session. */
  sign(key: TokenKey, digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
  /** To be called when nothing is being signed. */
  close(): void;
};

type SigningSession = { readonly handle: Buffer; readonly input: Buffer; readonly output: Buffer };
type Waiting = {
  readonly key: TokenKey;
  readonly digest: Bytes;
  readonly settle: (result: Result<Bytes, TokenFailure>) => void;
};

/** DER of a DigestInfo for SHA-256 up to the digest (RFC 8017 9.2, note 1). */
const SHA256_DIGEST_INFO = Uint8Array.of(
  ...[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20],
);
const INPUT_BYTES_MAX = 128;
/** RSA-8192: more than any key type of ours. */
const SIGNATURE_BYTES_MAX = 1024;
const RSA_PKCS = { mechanism: pkcs11js.CKM_RSA_PKCS };
const ECDSA = { mechanism: pkcs11js.CKM_ECDSA };

export function openSessionPool(pkcs11: Pkcs11, slot: Slot, sessionCount: number): SessionPool {
  const { library } = pkcs11;
  const sessions: readonly SigningSession[] = Array.from({ length: sessionCount }, () => ({
    handle: openSession(slot).handle,
    input: Buffer.alloc(INPUT_BYTES_MAX),
    output: Buffer.alloc(SIGNATURE_BYTES_MAX),
  }));
  const free = [...sessions];
  const queue: Waiting[] = [];

  function start(session: SigningSession, { key, digest, settle }: Waiting): void {
    const finish = (result: Result<Bytes, TokenFailure>): void => {
      const next = queue.shift();
      if (next) start(session, next);
      else free.push(session);
      settle(result);
    };
    const isRsa = KEY_TYPE_FACTS[key.keyType].family === 'rsa';
    const length = fillInput(session.input, isRsa ? SHA256_DIGEST_INFO : null, digest);
    const input = session.input.subarray(0, length);
    try {
      library.C_SignInit(session.handle, isRsa ? RSA_PKCS : ECDSA, key.handle);
    } catch (thrown) {
      // Not through the stack of the caller's other requests: a queue of failures would recurse.
      setImmediate(finish, failed('C_SignInit', thrown));
      return;
    }
    library.C_Sign(session.handle, input, session.output, (error: Error | null, signature: Buffer) => {
      if (error) finish(failed('C_Sign', error));
      else finish(ok(isRsa ? new Uint8Array(signature) : ecdsaSignatureDer(signature)));
    });
  }

  return {
    sign: (key, digest) =>
      new Promise((settle) => {
        const session = free.pop();
        if (session) start(session, { key, digest, settle });
        else queue.push({ key, digest, settle });
      }),
    close() {
      assert(free.length === sessions.length, 'sessions are closed when none is signing');
      for (const session of sessions) library.C_CloseSession(session.handle);
      free.length = 0;
    },
  };
}

function fillInput(input: Buffer, prefix: Bytes | null, digest: Bytes): number {
  input.set(prefix ?? new Uint8Array(0), 0);
  const at = prefix?.length ?? 0;
  input.set(digest, at);
  return at + digest.length;
}

function failed(operation: string, thrown: unknown): Result<never, TokenFailure> {
  return err({ kind: 'pkcs11-failed', operation, ckr: present(ckrOf(thrown), `a CKR name in ${String(thrown)}`) });
}
