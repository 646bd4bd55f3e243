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
 * Handles as pkcs11js returns them. `input` and `output` must not be changed until `done` is
 * called.
 */
type SigningOrder = {
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
   * Starts the threads of this process. Later calls do nothing: there is one set, as there is one
   * module.
   */
  readonly start: (threads: number) => void;
  /** A session must have one signature at a time. */
  readonly sign: (order: SigningOrder) => void;
};

type NativeAnswer = readonly [id: number, operation: number, rv: number, length: number];
type NativeOrder = readonly [
  id: number,
  session: Buffer,
  mechanism: number,
  key: Buffer,
  input: Buffer,
  output: Buffer,
];

type NativeThreads = {
  start(threads: number, answer: (...values: NativeAnswer) => void): void;
  sign(...order: NativeOrder): void;
  go(): void;
};

const OPERATIONS = ['C_SignInit', 'C_Sign'] as const;
const CKR_OK = 0;
const CKR_NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(pkcs11js).flatMap(([name, value]) => (name.startsWith('CKR_') ? [[value, name] as const] : [])),
);

/** `loader`: path of the loader that has opened the module. */
export function createSigningThreads(loader: string): SigningThreads {
  const native = createRequire(import.meta.url)(loader) as NativeThreads;
  const orders = new Map<number, SigningOrder>();
  let lastId = 0;
  let started = false;
  let isGoing = false;

  /**
   * All requests of one turn of the event loop go to the threads at once: this takes one lock, and
   * wakes no thread that has nothing to do.
   */
  function go(): void {
    isGoing = false;
    native.go();
  }

  function answer(...[id, operation, rv, length]: NativeAnswer): void {
    const { done } = present(orders.get(id), 'the order of a signature');
    orders.delete(id);
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
    sign(order) {
      lastId += 1;
      orders.set(lastId, order);
      native.sign(lastId, order.session, order.mechanism, order.key, order.input, order.output);
      if (!isGoing) queueMicrotask(go);
      isGoing = true;
    },
  };
}
