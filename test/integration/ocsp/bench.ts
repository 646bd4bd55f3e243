/**
 * What tests of answers share: an authority of test keys, statuses in memory, and a clock that they
 * set.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { createOcspResponder, type OcspResponder, type OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import {
  createStatusAuthority,
  openssl,
  SILENT_LOG,
  type StatusAuthority,
  serialOf,
} from '../../support/status/authority.js';
import { createStatusStore, type StatusStore } from '../../support/status/store.js';
import { ANSWERS } from './read-answer.js';

/** Issued at the start of each test. */
export const SERIAL = serialOf(1);

export type OcspBench = {
  readonly authority: StatusAuthority;
  readonly store: StatusStore;
  /** When the certificates had been made, to the second: OpenSSL judges by its own clock. */
  readonly start: number;
  now: number;
  readonly status: (serial: string, state: StoredState) => void;
  readonly responder: (changes?: Partial<OcspWorld>) => OcspResponder;
  /** The result of `openssl ocsp` with these arguments. */
  readonly request: (...args: readonly string[]) => Bytes;
  readonly plain: (serial?: string) => Bytes;
  /**
   * What OpenSSL says of an answer that it has verified, by the request that it made last, or by
   * `request`.
   */
  readonly spoken: (bytes: Bytes, how?: { readonly args?: readonly string[]; readonly request?: Bytes }) => string;
};

/** To be called inside a `describe`: created again for each test, for one CA. */
export function ocspBench(wanted: Parameters<typeof createStatusAuthority>[0] = {}): OcspBench {
  let authority: StatusAuthority | null = null;
  const bench = { store: createStatusStore(), start: 0, now: 0 };
  before(() => {
    authority = createStatusAuthority(wanted);
    bench.start = Math.floor(Date.now() / 1000) * 1000;
  });
  after(() => rmSync(made().folder, { recursive: true, force: true }));
  beforeEach(() => {
    bench.store = createStatusStore();
    bench.now = bench.start;
    status(SERIAL, { status: 'issued' });
  });
  const made = (): StatusAuthority => authority ?? assert.fail('before the first test');
  const status = (serial: string, state: StoredState): void =>
    void bench.store.statuses.set(serial, { state, notAfter: bench.start + DAY_MS, signed: true });
  const request = (...args: readonly string[]): Bytes => {
    openssl(made().folder, ['ocsp', '-issuer', 'ca.pem', ...args, '-reqout', 'request.der']);
    return new Uint8Array(readFileSync(join(made().folder, 'request.der')));
  };
  return {
    get authority() {
      return made();
    },
    get store() {
      return bench.store;
    },
    get start() {
      return bench.start;
    },
    get now() {
      return bench.now;
    },
    set now(at) {
      bench.now = at;
    },
    status,
    request,
    plain: (serial = SERIAL) => request('-no_nonce', '-serial', `0x${serial}`),
    responder: (changes = {}) => {
      const { issuer, responder, others, signer } = made();
      const list = [{ issuer, responder, others }];
      return createOcspResponder({
        store: bench.store,
        signer,
        authorities: () => list,
        clock: () => bench.now,
        answers: ANSWERS,
        log: SILENT_LOG,
        ...changes,
      });
    },
    spoken: (bytes, { args = [], request: asked } = {}) => {
      const { folder } = made();
      writeFileSync(join(folder, 'response.der'), bytes);
      if (asked !== undefined) writeFileSync(join(folder, 'request.der'), asked);
      const files = ['-respin', 'response.der', '-reqin', 'request.der', '-CAfile', 'ca.pem', '-issuer', 'ca.pem'];
      const text = openssl(folder, ['ocsp', ...files, '-resp_text', ...args]);
      assert.match(text, /Response verify OK/);
      return text;
    },
  };
}

export function revokedAt(at: number): StoredState {
  return { status: 'revoked', at, reason: 'keyCompromise', invalidityDate: null };
}
