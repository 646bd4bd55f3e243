import assert from 'node:assert/strict';
import fc from 'fast-check';
import { enumerated, explicit, header, integer, octetString, oid, seq, time } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, fromHex, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Result } from '../../../src/kernel/result.js';
import { ENTRY_BYTES_MAX } from '../../../src/lint/crl-entry.js';
import type { CRL_RULES } from '../../../src/lint/crl-rules.js';
import type { CrlShape } from '../../../src/lint/crl-shapes.js';
import { type CrlSummary, createCrlLint } from '../../../src/lint/crl-stream.js';
import { algorithmIdentifierDer } from '../../../src/x509/algorithms.js';
import { encodeExtension } from '../../../src/x509/extension-writer.js';
import { writeFreshestCrl } from '../../../src/x509/extensions/freshest-crl.js';
import { writeIssuingDistributionPoint } from '../../../src/x509/extensions/issuing-distribution-point.js';
import { reasonNumber } from '../../../src/x509/extensions/reason-code.js';
import { AT, CONTEXT, ENTRIES, HEADER, tbsOf } from './fixture.js';

type Verdict = Result<CrlSummary, { readonly rule: string; readonly detail: string }>;

function lintIn(tbs: Bytes, sizes: readonly number[] = []): Verdict {
  const lint = createCrlLint(CONTEXT);
  let at = 0;
  for (const size of sizes) {
    if (at >= tbs.length) break;
    const chunk = tbs.slice(at, at + size);
    lint.push(chunk);
    // The owner of a chunk may use its memory again.
    chunk.fill(0xee);
    at += size;
  }
  if (at < tbs.length) lint.push(tbs.subarray(at));
  return lint.end();
}

function ruleOf(tbs: Bytes): string {
  const verdict = lintIn(tbs);
  return verdict.ok ? 'passed' : verdict.error.rule;
}

const AKI = seq(
  oid(OID.authorityKeyIdentifier),
  octetString(seq(concat([header(0x80, 20), CONTEXT.issuer.subjectKeyIdentifier]))),
);
const NUMBER = seq(oid(OID.crlNumber), octetString(integer(300)));
const PARTITION_URL = 'http://crl.example/CRL/CA-p1.crl';
const DELTA_URL = 'http://crl.example/CRL/CA-delta.crl';
const PARTITION = writeIssuingDistributionPoint({ uri: PARTITION_URL, only: null });
const USER_CERTIFICATES = writeIssuingDistributionPoint({ uri: null, only: 'user-certificates' });
const FRESHEST = writeFreshestCrl([DELTA_URL]);

type Parts = {
  version: Bytes;
  algorithm: Bytes;
  issuer: Bytes;
  from: Bytes;
  to: Bytes;
  list: Bytes;
  extensions: Bytes;
  after: Bytes;
};
const EMPTY = new Uint8Array(0);

/** A list put together by hand, of which a test spoils one part. */
function list(spoiled: Partial<Parts> = {}): Bytes {
  const parts = {
    version: integer(1),
    algorithm: algorithmIdentifierDer('ecdsaWithSha256'),
    issuer: CONTEXT.issuer.subjectDer,
    from: time(AT),
    to: time(AT + DAY_MS),
    list: EMPTY,
    extensions: explicit(0, seq(AKI, NUMBER)),
    after: EMPTY,
    ...spoiled,
  };
  return seq(...Object.values(parts));
}

const entry = (...parts: readonly Bytes[]): Bytes => seq(seq(...parts));
const hex = (text: string): Bytes => fromHex(text) ?? EMPTY;
const DATE = time(AT);

const SPOILED: Readonly<Record<Exclude<keyof typeof CRL_RULES, 'e_crl_size_within_limit'>, readonly Bytes[]>> = {
  e_crl_der_is_strict: [
    list({ after: integer(1) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, NUMBER)) }),
    concat([list(), Uint8Array.of(0)]),
    list().subarray(0, -1),
    EMPTY,
    hex('3080'),
  ],
  e_crl_version_is_v2: [list({ version: integer(0) }), list({ version: integer(2) })],
  e_crl_signature_algorithm_fits_issuer_key: [
    list({ algorithm: algorithmIdentifierDer('sha256WithRsaEncryption') }),
    list({ algorithm: hex('300c06082a8648ce3d0403020500') }),
  ],
  e_crl_issuer_is_subject_of_issuer: [list({ issuer: seq() })],
  e_crl_time_form: [
    list({ from: hex('180f32303236303330313130303030305a') }),
    list({ from: hex('170b323630333031313030305a') }),
  ],
  e_crl_next_update_after_this_update: [list({ to: time(AT) }), list({ to: time(AT - 1000) })],
  e_crl_next_update_within_policy: [list({ to: time(AT + 7 * DAY_MS + 1000) })],
  e_crl_no_empty_revoked_list: [list({ list: seq() })],
  e_crl_entry_is_well_formed: [
    list({ list: entry(integer(1)) }),
    list({ list: entry(DATE, integer(1)) }),
    list({ list: entry(hex('02020001'), DATE) }),
    list({ list: entry(integer(1), hex('170d3236303233303130303030305a')) }),
    list({ list: entry(integer(1), hex('170d3236303330313234303030305a')) }),
    list({ list: entry(integer(1), hex('180f32303236303330313130303030305a')) }),
    list({ list: seq(integer(1)) }),
    list({ list: entry(octetString(new Uint8Array(ENTRY_BYTES_MAX))) }),
    list({ list: seq(hex('3003020101')) }),
  ],
  e_crl_serial_is_positive: [
    list({ list: entry(integer(0), DATE) }),
    list({ list: entry(hex('0201ff'), DATE) }),
    list({ list: entry(integer(new Uint8Array(21).fill(1)), DATE) }),
  ],
  e_crl_entries_ascending_and_unique: [
    list({ list: seq(seq(integer(2), DATE), seq(integer(1), DATE)) }),
    list({ list: seq(seq(integer(2), DATE), seq(integer(2), DATE)) }),
    list({ list: seq(seq(integer(128), DATE), seq(integer(127), DATE)) }),
  ],
  e_crl_reason_not_unspecified: [
    list({ list: entry(integer(1), DATE, seq(extension(OID.reasonCode, enumerated(0)))) }),
  ],
  e_crl_reason_is_ours: [2, 7, 10, 200].map((code) =>
    list({ list: entry(integer(1), DATE, seq(extension(OID.reasonCode, Uint8Array.of(10, 1, code)))) }),
  ),
  e_crl_entry_extensions_are_ours: [
    list({ list: entry(integer(1), DATE, seq()) }),
    list({ list: entry(integer(1), DATE, seq(extension('2.5.29.29', seq()))) }),
    list({ list: entry(integer(1), DATE, seq(extension(OID.reasonCode, enumerated(1), true))) }),
    list({
      list: entry(
        integer(1),
        DATE,
        seq(extension(OID.reasonCode, enumerated(1)), extension(OID.reasonCode, enumerated(1))),
      ),
    }),
  ],
  e_crl_extensions_present: [list({ extensions: EMPTY }), list({ extensions: EMPTY, list: entry(integer(1), DATE) })],
  e_crl_aki_matches_issuer: [
    list({ extensions: explicit(0, seq(NUMBER)) }),
    list({ extensions: explicit(0, seq(extension(OID.authorityKeyIdentifier, seq(hex('800101'))), NUMBER)) }),
    list({ extensions: explicit(0, seq(extension(OID.authorityKeyIdentifier, seq()), NUMBER)) }),
  ],
  e_crl_number_present: [list({ extensions: explicit(0, seq(AKI)) })],
  e_crl_number_positive_and_not_critical: [
    list({ extensions: explicit(0, seq(AKI, extension(OID.crlNumber, integer(0)))) }),
    list({ extensions: explicit(0, seq(AKI, extension(OID.crlNumber, integer(1), true))) }),
    list({ extensions: explicit(0, seq(AKI, extension(OID.crlNumber, hex('0201ff')))) }),
  ],
  e_crl_no_unknown_critical_extension: [
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension('1.2.3', seq(), true))) }),
  ],
  e_crl_extensions_are_ours: [list({ extensions: explicit(0, seq(AKI, NUMBER, extension('1.2.3', seq()))) })],
  e_crl_remove_in_delta_only: [list({ list: entry(integer(1), DATE, seq(extension(OID.reasonCode, enumerated(8)))) })],
  e_crl_delta_indicator_form: [
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.deltaCrlIndicator, integer(1)))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.deltaCrlIndicator, integer(300), true))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.deltaCrlIndicator, integer(0), true))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.deltaCrlIndicator, seq(), true))) }),
  ],
  e_crl_partition_form: [
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.issuingDistributionPoint, seq(), true))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.issuingDistributionPoint, PARTITION.value))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, encodeExtension(USER_CERTIFICATES))) }),
  ],
  e_crl_scope_is_served: [
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.deltaCrlIndicator, integer(1), true))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, encodeExtension(PARTITION))) }),
  ],
  e_crl_freshest_is_issuers: [
    list({ extensions: explicit(0, seq(AKI, NUMBER, encodeExtension(FRESHEST))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.freshestCrl, FRESHEST.value, true))) }),
    list({ extensions: explicit(0, seq(AKI, NUMBER, extension(OID.freshestCrl, seq()))) }),
  ],
};

function extension(dotted: string, value: Bytes, critical = false): Bytes {
  return encodeExtension({ oid: dotted, critical, value });
}

describe('the lint of a revocation list as it streams', () => {
  it('passes what the encoder writes, and says what it read', () => {
    const verdict = lintIn(tbsOf());
    assert.equal(verdict.ok, true);
    const { tbsSha256, ...rest } = (verdict as { value: CrlSummary }).value;
    const { number, thisUpdate, nextUpdate } = HEADER;
    assert.deepEqual(rest, {
      ...{ number, scope: 'full', base: null, thisUpdate, nextUpdate, entries: ENTRIES.length, removals: 0 },
      ...{ found: new Map(), tbsLength: tbsOf().length },
    });
    assert.match(tbsSha256, /^[0-9a-f]{64}$/);
    assert.equal(ruleOf(tbsOf({}, [])), 'passed');
    assert.equal(ruleOf(list()), 'passed');
  });

  for (const [rule, lists] of Object.entries(SPOILED)) {
    it(`${rule}: finds each list that breaks it`, () => {
      for (const spoiled of lists) assert.equal(ruleOf(spoiled), rule, toHex(spoiled));
    });
  }

  it('e_crl_size_within_limit: a list that announces too much is refused at its first octets', () => {
    const lint = createCrlLint(CONTEXT);
    const verdict = lint.push(hex('3084ffffffff'));
    assert.equal(verdict.ok ? '' : verdict.error.rule, 'e_crl_size_within_limit');
  });

  it('gives the same verdict however the list is cut', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 });
    const tbs = tbsOf();
    const whole = lintIn(tbs);
    fc.assert(
      fc.property(sizes, (cuts) => assert.deepEqual(lintIn(tbs, cuts), whole)),
      { numRuns: 300 },
    );
    const spoiled = Object.values(SPOILED).flat();
    fc.assert(
      fc.property(fc.constantFrom(...spoiled), sizes, (bytes, cuts) =>
        assert.deepEqual(lintIn(bytes, cuts), lintIn(bytes)),
      ),
      { numRuns: 1_000 },
    );
  });

  it('never throws, and gives the same verdict in one piece and in many, on 20,000 mutated lists', () => {
    const tbs = tbsOf();
    const mutation = fc.record({ at: fc.nat(tbs.length - 1), value: fc.nat(255), cut: fc.boolean() });
    let passed = 0;
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(50), { maxLength: 20 }),
        (mutations, cuts) => {
          let mutated = tbs.slice();
          for (const { at, value, cut } of mutations) {
            mutated[at] = value;
            if (cut) mutated = mutated.slice(0, at);
          }
          const verdict = lintIn(mutated);
          assert.deepEqual(lintIn(mutated, cuts), verdict);
          if (verdict.ok) passed += 1;
        },
      ),
      { numRuns: 20_000 },
    );
    assert.equal(passed < 10_000, true);
  });

  it('keeps no more than one unfinished element: an endless issuer name or entry is refused when it is announced', () => {
    const named = concat([hex('3083ffffff'), integer(1), algorithmIdentifierDer('ecdsaWithSha256'), hex('3083fffff0')]);
    assert.equal(ruleOf(named), 'e_crl_der_is_strict');
    const prefix = list({ list: hex('3083fffff0'), extensions: EMPTY }).subarray(2);
    const listed = concat([hex('3084'), hex('01ffffff'), prefix, hex('3082ffff')]);
    assert.equal(ruleOf(listed), 'e_crl_entry_is_well_formed');
  });
});

/** What an authority with deltas and one partition may have. */
const SHAPES: readonly CrlShape[] = [
  { scope: 'full', partitionUrl: null, freshest: [DELTA_URL], lifeMsMax: 7 * DAY_MS },
  { scope: 'delta', partitionUrl: null, freshest: [], lifeMsMax: DAY_MS },
  { scope: 'full-1', partitionUrl: PARTITION_URL, freshest: [], lifeMsMax: 7 * DAY_MS },
];
const REMOVED = { serial: '05', at: AT, reason: 'removeFromCRL', invalidityDate: null } as const;
const DELTA = { base: 299, nextUpdate: AT + DAY_MS };

describe('the lint of a list that may be a delta or a part', () => {
  const read = (tbs: Bytes, watched: readonly string[] = []): Verdict => {
    const lint = createCrlLint({ ...CONTEXT, shapes: SHAPES, watched });
    lint.push(tbs);
    return lint.end();
  };
  const scopeIn = (tbs: Bytes): string => {
    const verdict = read(tbs);
    return verdict.ok ? verdict.value.scope : verdict.error.rule;
  };

  it('tells which of the authority’s lists it is, and refuses what is none of them', () => {
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [FRESHEST] })), 'full');
    assert.equal(scopeIn(tbsOf(DELTA)), 'delta');
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [PARTITION] })), 'full-1');
    assert.equal(scopeIn(tbsOf()), 'e_crl_freshest_is_issuers');
    assert.equal(scopeIn(tbsOf({ ...DELTA, furtherExtensions: [FRESHEST] })), 'e_crl_freshest_is_issuers');
    assert.equal(scopeIn(tbsOf({ ...DELTA, furtherExtensions: [PARTITION] })), 'e_crl_scope_is_served');
    const other = writeIssuingDistributionPoint({ uri: `${PARTITION_URL}2`, only: null });
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [other] })), 'e_crl_scope_is_served');
  });

  it('holds a delta to its own life', () => {
    assert.equal(scopeIn(tbsOf({ ...DELTA, nextUpdate: AT + DAY_MS + 1_000 })), 'e_crl_next_update_within_policy');
  });

  it('counts what a delta takes off its base, and gives the base', () => {
    const verdict = read(tbsOf(DELTA, [REMOVED, ...ENTRIES.slice(1)]));
    assert.ok(verdict.ok);
    assert.equal(verdict.value.removals, 1);
    assert.equal(verdict.value.base, 299);
  });

  it('finds the certificates that it is asked to look for, with their reasons, and no others', () => {
    const absent = ['00000000000000000000000000000002', '02', 'ff'.repeat(20)];
    const watched = [...ENTRIES.map(({ serial }) => serial), ...absent];
    const verdict = read(tbsOf({ furtherExtensions: [FRESHEST] }), [...watched].reverse());
    assert.ok(verdict.ok);
    const reasons = ENTRIES.map(({ serial, reason }) => [serial, reasonNumber(reason)]);
    assert.deepEqual([...verdict.value.found].sort(), reasons.sort());
  });
});
