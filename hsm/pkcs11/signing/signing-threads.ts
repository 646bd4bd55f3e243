/**
 * Runs C_SignInit and C_Sign of a signature on threads of our loader (`hsm/loader/signing.c`
 * explains why). The JavaScript thread never waits for the token, and is not woken between two
 * signatures.
 */
import { createRequire } from 'node:module';
import pkcs11js from 'pkcs11js';
import { present } from '../../../src/kernel/assert.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import type { Pkcs11Failed } from '../failures.js';

/**
 * A signature to make. The handles are those that pkcs11js returns. `input` and `output` must not
 * be changed until `done` is called.
 */
type SigningCall = {
  readonly session: Buffer;
  readonly mechanism: number;
  readonly key: Buffer;
  readonly input: Buffer;
  readonly output: Buffer;
  /**
   * Called with the length of the signature in `output`, or with the failure of C_SignInit or
   * C_Sign.
   */
  readonly done: (signature: Result<number, Pkcs11Failed>) => void;
};

export type SigningThreads = {
  /**
   * Starts the signing threads of this process. Later calls do nothing, because a process has one
   * set of threads for its one module.
   */
  readonly start: (threads: number) => void;
  /** Makes one signature. Each session must have one signature at a time. */
  readonly sign: (call: SigningCall) => void;
};

type NativeAnswer = readonly [id: number, operation: number, rv: number, length: number];
type NativeCall = readonly [id: number, session: Buffer, mechanism: number, key: Buffer, input: Buffer, output: Buffer];

type NativeThreads = {
  start(threads: number, answer: (...values: NativeAnswer) => void): void;
  sign(...call: NativeCall): void;
  go(): void;
};

const OPERATIONS = ['C_SignInit', 'C_Sign'] as const;
const CKR_OK = 0;
const CKR_NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(pkcs11js).flatMap(([name, value]) => (name.startsWith('CKR_') ? [[value, name] as const] : [])),
);

/**
 * Creates the signing threads of this process, which are not started yet. `loader`: path of the
 * loader that has opened the module.
 */
export function createSigningThreads(loader: string): SigningThreads {
  const native = createRequire(import.meta.url)(loader) as NativeThreads;
  const calls = new Map<number, SigningCall>();
  let lastId = 0;
  let started = false;
  let isGoing = false;

  /**
   * Gives all calls of one turn of the event loop to the threads at once: this takes one lock, and
   * wakes no thread that has nothing to do.
   */
  function go(): void {
    isGoing = false;
    native.go();
  }

  function answer(...[id, operation, rv, length]: NativeAnswer): void {
    const { done } = present(calls.get(id), 'the call of a signature');
    calls.delete(id);
    if (rv === CKR_OK) done(ok(length));
    else {
      const ckr = CKR_NAMES.get(rv) ?? 'CKR_VENDOR_DEFINED';
      done(err({ kind: 'pkcs11-failed', operation: present(OPERATIONS[operation], 'a call'), ckr }));
    }
  }

  return {
    start(threads) {
      if (started) return;
      started = true;
      native.start(threads, answer);
    },
    sign(call) {
      lastId += 1;
      calls.set(lastId, call);
      native.sign(lastId, call.session, call.mechanism, call.key, call.input, call.output);
      if (!isGoing) queueMicrotask(go);
      isGoing = true;
    },
  };
}
