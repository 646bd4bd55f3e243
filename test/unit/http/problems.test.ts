/**
 * Every failure as a problem document in both languages. Without these checks a French client could
 * get an English detail, or another code than an English one.
 */
import assert from 'node:assert/strict';
import { type FailureKind, type HttpFailure, PROBLEMS, problemOf } from '../../../src/http/api/problems.js';
import { fault, text, violation } from '../../../src/texts/text.js';
import { englishIn } from '../../support/english.js';

const violations = [violation('/csr', 'key-differs'), violation('', 'json', { line: 1, column: 2 })];

const FAILURES = {
  'invalid-request': { kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') },
  'body-malformed': { kind: 'body-malformed', violations },
  'not-http': { kind: 'not-http' },
  'host-missing': { kind: 'host-missing' },
  'plain-http': { kind: 'plain-http' },
  'expectation-failed': { kind: 'expectation-failed' },
  'headers-too-large': { kind: 'headers-too-large' },
  'body-too-slow': { kind: 'body-too-slow' },
  'client-certificate-required': { kind: 'client-certificate-required' },
  'authentication-required': { kind: 'authentication-required', ...fault('est-basic') },
  'not-implemented': { kind: 'not-implemented', message: text('est-not-offered') },
  'not-permitted': { kind: 'not-permitted', ...fault('holder-in-scope') },
  'not-found': { kind: 'not-found', message: text('no-account', { id: 'x' }) },
  'no-such-route': { kind: 'no-such-route', suggestion: null },
  'method-not-allowed': { kind: 'method-not-allowed', allow: ['GET'] },
  'state-conflict': { kind: 'state-conflict', ...fault('already-revoked') },
  'in-progress': { kind: 'in-progress', retryAfterMs: 1 },
  'too-large': { kind: 'too-large', bytesMax: 1 },
  'unsupported-media-type': { kind: 'unsupported-media-type', type: '', expected: 'application/json' },
  'too-many-lines': { kind: 'too-many-lines', linesMax: 2 },
  'quota-exceeded': { kind: 'quota-exceeded', retryAfterMs: 1, message: text('uploads-at-once', { max: 4 }) },
  'content-encoded': { kind: 'content-encoded' },
  'idempotency-mismatch': { kind: 'idempotency-mismatch' },
  'policy-violated': { kind: 'policy-violated', violations },
  'key-rejected': { kind: 'key-rejected', violations },
  'proof-of-possession-failed': { kind: 'proof-of-possession-failed', violations },
  'proof-rejected': { kind: 'proof-rejected', violations, certificate: 'x', card: null },
  'card-to-desk': { kind: 'card-to-desk', reason: 'applet-too-old', message: text('desk/applet-too-old') },
  'internal-error': { kind: 'internal-error', message: text('unexpected') },
  overloaded: { kind: 'overloaded', retryAfterMs: 1 },
  'signer-unavailable': { kind: 'signer-unavailable', retryAfterMs: 1, detail: 'the token is away' },
  'clock-wrong': { kind: 'clock-wrong', retryAfterMs: 1, message: text('clock-wrong/behind-mark', { seconds: 61 }) },
  'database-unavailable': { kind: 'database-unavailable', retryAfterMs: 1, detail: 'the disk is full' },
} as const satisfies { readonly [Kind in FailureKind]: Extract<HttpFailure, { readonly kind: Kind }> };

describe('a problem document', () => {
  for (const [kind, failure] of Object.entries(FAILURES))
    it(`about ${kind} is in the language of the client, with the same code, rules and pointers`, () => {
      const [fr, en] = (['fr', 'en'] as const).map((language) => problemOf(failure, { requestId: 'r', language }));
      assert.ok(fr !== undefined && en !== undefined);
      assert.deepEqual(englishIn(`${fr.problem.title} ${fr.problem.detail}`), []);
      assert.notEqual(fr.problem.title, en.problem.title);
      assert.notEqual(fr.problem.detail, en.problem.detail);
      const facts = ({ problem: { violations: found = [], title: _title, detail: _detail, ...rest } }: typeof fr) => ({
        ...rest,
        found: found.map(({ pointer, rule }) => ({ pointer, rule })),
      });
      assert.deepEqual(facts(fr), facts(en));
      for (const { message } of fr.problem.violations ?? []) assert.deepEqual(englishIn(message), []);
      assert.equal(fr.headers['content-language'], 'fr');
      assert.equal(en.headers['content-language'], 'en');
      for (const { headers } of [fr, en]) assert.equal(headers.vary, 'Accept-Language');
    });

  it('has one title for each kind, in both languages', () => {
    for (const { title } of Object.values(PROBLEMS)) assert.deepEqual(englishIn(title.fr), [], title.fr);
  });

  it('repeats only the beginning of a media type, which may be as long as a header', () => {
    const type = `text/${'x'.repeat(16_000)}`;
    const failure = { ...FAILURES['unsupported-media-type'], type };
    for (const language of ['fr', 'en'] as const) {
      const { detail } = problemOf(failure, { requestId: 'r', language }).problem;
      assert.ok(detail.includes(`${type.slice(0, 100)}…`) && detail.length < 300, detail);
    }
  });

  it('lists violations as the language punctuates them', () => {
    const detail = (language: 'fr' | 'en') =>
      problemOf(FAILURES['key-rejected'], { requestId: 'r', language }).problem.detail;
    assert.equal(
      detail('fr'),
      '/csr : deux demandes pour une même carte ont la même clé : générez une clé pour chacune ; ' +
        "/ : le corps n'est pas du JSON (RFC 8259) : voyez la ligne 1, colonne 2",
    );
    assert.equal(
      detail('en'),
      '/csr: two requests of one card have the same key: make a key for each; /: the body is not JSON (RFC 8259): see line 1, column 2',
    );
  });
});
