import assert from 'node:assert/strict';
import fc from 'fast-check';
import { integer, octetString, oid, seq, tagged, time } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../../src/kernel/bytes.js';
import { toSecond } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Result } from '../../../src/kernel/result.js';
import { readEntry } from '../../../src/lint/crl/entry.js';
import type { CrlShape } from '../../../src/lint/crl/shapes.js';
import { type CrlSummary, createCrlLint } from '../../../src/lint/crl/stream.js';
import { emptySubjects } from '../../../src/lint/crl/subjects.js';
import { writeFreshestCrl } from '../../../src/x509/extensions/freshest-crl.js';
import { writeIssuingDistributionPoint } from '../../../src/x509/extensions/issuing-distribution-point.js';
import { reasonNumber } from '../../../src/x509/extensions/reason-code.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import { breakCrl } from '../../support/lint/crl-fixtures.js';
import { CRL_FAULTS } from '../../vectors/lint/crl-faults.js';
import { AT, CONTEXT, ENTRIES, HEADER, tbsOf } from './fixture.js';

type Verdict = Result<CrlSummary, { readonly rule: string; readonly detail: string }>;

function lintIn(tbs: Bytes, sizes: readonly number[] = []): Verdict {
  const lint = createCrlLint(CONTEXT);
  let at = 0;
  for (const size of sizes) {
    if (at >= tbs.length) break;
    const chunk = tbs.slice(at, at + size);
    lint.push(chunk);
    // The caller may reuse the memory of a chunk.
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

const EMPTY = new Uint8Array(0);
const hex = (text: string): Bytes => fromHex(text) ?? EMPTY;

describe('the lint of a streamed CRL', () => {
  it('accepts what the encoder writes, and returns a summary', () => {
    const verdict = lintIn(tbsOf());
    assert.equal(verdict.ok, true);
    const { tbsSha256, ...rest } = (verdict as { value: CrlSummary }).value;
    const { number, thisUpdate, nextUpdate } = HEADER;
    assert.deepEqual(rest, {
      number,
      scope: 'full',
      base: null,
      thisUpdate,
      nextUpdate,
      entries: ENTRIES.length,
      removals: 0,
      found: new Map(),
      tbsLength: tbsOf().length,
    });
    assert.match(tbsSha256, /^[0-9a-f]{64}$/);
    assert.equal(ruleOf(tbsOf({}, [])), 'passed');
  });

  it('e_crl_size_within_limit: a CRL that announces too many bytes is rejected at its first bytes', () => {
    const lint = createCrlLint(CONTEXT);
    const verdict = lint.push(hex('3084ffffffff'));
    assert.equal(verdict.ok ? '' : verdict.error.rule, 'e_crl_size_within_limit');
  });

  it('gives the same result for chunks of any size', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 });
    const tbs = tbsOf();
    const whole = lintIn(tbs);
    fc.assert(
      fc.property(sizes, (cuts) => assert.deepEqual(lintIn(tbs, cuts), whole)),
      { numRuns: 300 },
    );
    const spoiled = CRL_FAULTS.map((fault) => breakCrl(fault, tbsOf()));
    fc.assert(
      fc.property(fc.constantFrom(...spoiled), sizes, (bytes, cuts) =>
        assert.deepEqual(lintIn(bytes, cuts), lintIn(bytes)),
      ),
      { numRuns: 1_000 },
    );
  });

  it('never throws, and gives the same result for one chunk and for many, on 20,000 mutated CRLs', () => {
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

  it('reads entries in our form and in other forms in the same way', () => {
    const serial = fc.uint8Array({ minLength: 1, maxLength: 22 }).map((octets) => tagged(0x02, octets));
    const date = fc.oneof(
      fc
        .date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
        .map((at) => time(toSecond(+at))),
      fc.stringMatching(/^[0-9]{12,14}Z$/).map((text) => tagged(text.length === 13 ? 0x17 : 0x18, utf8(text))),
    );
    const reason = fc.nat(255).map((code) => seq(oid(OID.reasonCode), octetString(Uint8Array.of(10, 1, code))));
    const invalid = fc
      .stringMatching(/^[0-9]{14}Z$/)
      .map((text) => seq(oid(OID.invalidityDate), octetString(tagged(0x18, utf8(text)))));
    const members = fc.tuple(serial, date, fc.option(reason), fc.option(invalid));
    // A third extension makes the strict reader read the entry, which must agree about everything
    // else.
    const strange = seq(oid('1.2.3'), octetString(seq()));
    fc.assert(
      fc.property(members, ([number, at, code, since]) => {
        const own = [code, since].filter((one) => one !== null);
        const plain = seq(number, at, ...(own.length === 0 ? [] : [seq(...own)]));
        const long = seq(number, at, seq(...own, strange));
        assert.deepEqual(entryIn(plain), entryIn(long));
      }),
      { numRuns: 3_000 },
    );
  });

  it('buffers at most one element: an endless issuer name or entry is rejected when its length is read', () => {
    const algorithm = algorithmIdentifierDer('ecdsaWithSha256');
    const named = concat([hex('3083ffffff'), integer(1), algorithm, hex('3083fffff0')]);
    assert.equal(ruleOf(named), 'e_crl_der_is_strict');
    const prefix = concat([integer(1), algorithm, CONTEXT.issuer.subjectDer, time(AT), time(AT + DAY_MS)]);
    const listed = concat([hex('308401ffffff'), prefix, hex('3083fffff0'), hex('3082ffff')]);
    assert.equal(ruleOf(listed), 'e_crl_entry_is_well_formed');
  });
});

/** The entry as rules see it, without what only the other form has; or the failure. */
function entryIn(der: Bytes): unknown {
  const { entry } = emptySubjects(CONTEXT).entry;
  if (readEntry(entry, der, { start: 0, end: der.length }) !== null) return 'none';
  const { bytes, serialAt, serialLength, unknown: _, ...rest } = entry;
  return { ...rest, serial: toHex(bytes.subarray(serialAt, serialAt + serialLength)) };
}

const PARTITION_URL = 'http://crl.example/CRL/CA-p1.crl';
const DELTA_URL = 'http://crl.example/CRL/CA-delta.crl';
const PARTITION = writeIssuingDistributionPoint({ uri: PARTITION_URL, only: null });
const FRESHEST = writeFreshestCrl([DELTA_URL]);

/** The kinds of CRLs of a CA with delta CRLs and one partition. */
const SHAPES: readonly CrlShape[] = [
  { scope: 'full', partitionUrl: null, freshest: [DELTA_URL], lifeMsMax: 7 * DAY_MS },
  { scope: 'delta', partitionUrl: null, freshest: [], lifeMsMax: DAY_MS },
  { scope: 'full-1', partitionUrl: PARTITION_URL, freshest: [], lifeMsMax: 7 * DAY_MS },
];
const REMOVED = { serial: '05', at: AT, reason: 'removeFromCRL', invalidityDate: null } as const;
const DELTA = { base: 299, nextUpdate: AT + DAY_MS };

describe('the lint of a CRL that may be a delta or a partition', () => {
  const read = (tbs: Bytes, watched: readonly string[] = []): Verdict => {
    const lint = createCrlLint({ ...CONTEXT, shapes: SHAPES, watched });
    lint.push(tbs);
    return lint.end();
  };
  const scopeIn = (tbs: Bytes): string => {
    const verdict = read(tbs);
    return verdict.ok ? verdict.value.scope : verdict.error.rule;
  };

  it('recognizes which CRL of the CA it is, and rejects any other', () => {
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [FRESHEST] })), 'full');
    assert.equal(scopeIn(tbsOf(DELTA)), 'delta');
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [PARTITION] })), 'full-1');
    assert.equal(scopeIn(tbsOf()), 'e_cps_crl_freshest_is_issuers');
    assert.equal(scopeIn(tbsOf({ ...DELTA, furtherExtensions: [FRESHEST] })), 'e_crl_delta_has_no_freshest_crl');
    assert.equal(scopeIn(tbsOf({ ...DELTA, furtherExtensions: [PARTITION] })), 'e_cps_crl_scope_is_served');
    const other = writeIssuingDistributionPoint({ uri: `${PARTITION_URL}2`, only: null });
    assert.equal(scopeIn(tbsOf({ furtherExtensions: [other] })), 'e_cps_crl_scope_is_served');
  });

  it('checks the validity of a delta CRL against its own limit', () => {
    assert.equal(scopeIn(tbsOf({ ...DELTA, nextUpdate: AT + DAY_MS + 1_000 })), 'e_cps_crl_life_within_policy');
  });

  it('counts the entries that a delta CRL removes from its base, and returns the number of the base', () => {
    const verdict = read(tbsOf(DELTA, [REMOVED, ...ENTRIES.slice(1)]));
    assert.ok(verdict.ok);
    assert.equal(verdict.value.removals, 1);
    assert.equal(verdict.value.base, 299);
  });

  it('finds the watched certificates with their reasons, and no others', () => {
    const absent = ['00000000000000000000000000000002', '02', 'ff'.repeat(20)];
    const watched = [...ENTRIES.map(({ serial }) => serial), ...absent];
    const verdict = read(tbsOf({ furtherExtensions: [FRESHEST] }), [...watched].reverse());
    assert.ok(verdict.ok);
    const reasons = ENTRIES.map(({ serial, reason }) => [serial, reasonNumber(reason)]);
    assert.deepEqual([...verdict.value.found].sort(), reasons.sort());
  });
});
