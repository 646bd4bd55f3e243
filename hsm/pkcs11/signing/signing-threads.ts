/**
 * C_SignInit and C_Sign of one signature, both on a thread of the loader's own (`hsm/loader/signing.c` says why): the thread that
 * runs JavaScript neither waits for the token nor is woken between two signatures.
 */
import { createRequire } from 'node:module';
import pkcs11js from 'pkcs11js';
import { present } from '../../../src/kernel/assert.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import type { Pkcs11Failed } from '../failures.js';

/** Handles as pkcs11js gives them. Whoever asks leaves `input` and `output` alone until the answer; both are kept here until then. */
export type SigningOrder = {
  readonly session: Buffer;
  readonly mechanism: number;
  readonly key: Buffer;
  readonly input: Buffer;
  readonly output: Buffer;
  /** The octets of `output` that are the signature, or which of the two calls failed. */
  readonly done: (signature: Result<number, Pkcs11Failed>) => void;
};

export type SigningThreads = {
  /** As many as were asked for first: threads are a fact of the process, as the module is. */
  readonly start: (threads: number) => void;
  /** One signature at a time in each session. */
  readonly sign: (order: SigningOrder) => void;
};

type Told = readonly [id: number, operation: number, rv: number, length: number];
type Ordered = readonly [id: number, session: Buffer, mechanism: number, key: Buffer, input: Buffer, output: Buffer];

type Native = {
  start(threads: number, answer: (...told: Told) => void): void;
  sign(...ordered: Ordered): void;
  go(): void;
};

const OPERATIONS = ['C_SignInit', 'C_Sign'] as const;
const CKR_OK = 0;
const CKR_NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(pkcs11js).flatMap(([name, value]) => (name.startsWith('CKR_') ? [[value, name] as const] : [])),
);

/** `loader`: the loader that has opened the module. */
export function signingThreads(loader: string): SigningThreads {
  const native = createRequire(import.meta.url)(loader) as Native;
  const orders = new Map<number, SigningOrder>();
  let lastId = 0;
  let started = false;
  let isGoing = false;

  /** What is asked in one turn goes to the threads together: one lock, and nobody woken for whom there is nothing left. */
  function go(): void {
    isGoing = false;
    native.go();
  }

  function answer(...[id, operation, rv, length]: Told): void {
    const { done } = present(orders.get(id), 'a signature that was asked for');
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
