import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  contextConstructed,
  contextPrimitive,
  enumerated,
  explicit,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  seq,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { HOUR_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { checkOcspResponseData, lintOcsp, type OcspLintContext } from '../../../src/lint/ocsp-response.js';
import type { OCSP_RULES } from '../../../src/lint/ocsp-rules.js';
import { encodeResponseData, type ResponseContent } from '../../../src/ocsp/encode.js';
import type { RevocationReason } from '../../../src/ports/store.js';
import { subjectKeyIdentifier } from '../../../src/x509/public-key.js';
import { REASON_CODES } from '../../support/reason-codes.js';
import { certIdOf, extensionOf, ISSUER, nonceOf, SERIAL } from './fixture.js';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(key.publicKey.export({ format: 'der', type: 'spki' }));
const AT = Date.parse('2026-03-01T10:00:00Z');
const CONTEXT: OcspLintContext = { issuer: ISSUER, responder: { subjectDer: seq(), spki }, lifeMsMax: HOUR_MS };
const EMPTY = new Uint8Array(0);

const CONTENT: ResponseContent = {
  responderId: { by: 'key', keyHash: subjectKeyIdentifier(spki) },
  producedAt: AT,
  responses: [{ certIdDer: certIdOf(SERIAL), status: { kind: 'good' }, thisUpdate: AT, nextUpdate: AT + HOUR_MS }],
  nonce: null,
};

function ruleOf(der: Bytes): string {
  const checked = checkOcspResponseData(CONTEXT, der);
  return checked.ok ? 'passed' : checked.error.rule;
}

const ID = explicit(2, octetString(subjectKeyIdentifier(spki)));
const GOOD = contextPrimitive(0, EMPTY);
const single = (parts: { certId?: Bytes; status?: Bytes; from?: Bytes; to?: Bytes; after?: Bytes } = {}): Bytes =>
  seq(
    parts.certId ?? certIdOf(SERIAL),
    parts.status ?? GOOD,
    parts.from ?? generalizedTime(AT),
    parts.to ?? explicit(0, generalizedTime(AT + HOUR_MS)),
    parts.after ?? EMPTY,
  );
const data = (
  parts: { id?: Bytes; singles?: readonly Bytes[]; extensions?: readonly Bytes[]; before?: Bytes } = {},
): Bytes =>
  seq(
    parts.before ?? EMPTY,
    parts.id ?? ID,
    generalizedTime(AT),
    seq(...(parts.singles ?? [single()])),
    parts.extensions === undefined ? EMPTY : explicit(1, seq(...parts.extensions)),
  );
const revoked = (at: number, reason: number): Bytes =>
  contextConstructed(1, generalizedTime(at), explicit(0, enumerated(reason)));
const REVOKE = extensionOf(OID.ocspExtendedRevoke, nullValue());

const SPOILED: Readonly<Record<keyof typeof OCSP_RULES, readonly Bytes[]>> = {
  e_ocsp_der_is_strict: [
    EMPTY,
    concat([data(), Uint8Array.of(0)]),
    data({ extensions: [nonceOf(1), nonceOf(2)] }),
    data().subarray(1),
  ],
  e_ocsp_size_within_limit: [
    new Uint8Array(300_000),
    data({
      singles: Array.from({ length: 101 }, (_, at) =>
        single({ certId: certIdOf((at + 16).toString(16).padStart(4, '0')) }),
      ),
    }),
  ],
  e_ocsp_version_is_v1: [data({ before: explicit(0, integer(0)) })],
  e_ocsp_responder_id_is_signer: [
    data({ id: explicit(2, octetString(subjectKeyIdentifier(ISSUER.spki))) }),
    data({ id: explicit(1, ISSUER.subjectDer) }),
  ],
  e_ocsp_response_present: [data({ singles: [] })],
  e_ocsp_certid_of_issuer: [
    data({
      singles: [
        single({
          certId: seq(
            seq(octetStringOid()),
            octetString(new Uint8Array(20)),
            octetString(new Uint8Array(20)),
            integer(1),
          ),
        }),
      ],
    }),
  ],
  e_ocsp_certid_hash_known: [
    data({ singles: [single({ certId: seq(seq(contextOid()), octetString(EMPTY), octetString(EMPTY), integer(1)) })] }),
  ],
  e_ocsp_certid_unique: [data({ singles: [single(), single({ status: revoked(AT, 1) })] })],
  e_ocsp_status_form: [
    data({ singles: [single({ status: contextPrimitive(0, Uint8Array.of(0)) })] }),
    data({ singles: [single({ status: contextPrimitive(3, EMPTY) })] }),
  ],
  e_ocsp_reason_is_ours: [2, 7, 8, 10].map((reason) => data({ singles: [single({ status: revoked(AT, reason) })] })),
  e_ocsp_revocation_not_after_produced_at: [data({ singles: [single({ status: revoked(AT + SECOND_MS, 1) })] })],
  e_ocsp_never_issued_is_extended_revoke: [
    data({ singles: [single({ status: revoked(0, 6) })] }),
    data({ singles: [single({ status: revoked(0, 1) })], extensions: [REVOKE] }),
    data({ extensions: [REVOKE] }),
  ],
  e_ocsp_this_update_not_after_produced_at: [data({ singles: [single({ from: generalizedTime(AT + SECOND_MS) })] })],
  e_ocsp_next_update_after_this_update: [
    data({ singles: [single({ to: EMPTY })] }),
    data({ singles: [single({ to: explicit(0, generalizedTime(AT)) })] }),
  ],
  e_ocsp_next_update_within_policy: [
    data({ singles: [single({ to: explicit(0, generalizedTime(AT + HOUR_MS + SECOND_MS)) })] }),
  ],
  e_ocsp_no_unknown_extension: [
    data({ extensions: [extensionOf('1.2.3', nullValue())] }),
    data({ extensions: [extensionOf(OID.ocspNonce, octetString(Uint8Array.of(1)), true)] }),
    data({ singles: [single({ after: explicit(1, seq(extensionOf('1.2.3', nullValue()))) })] }),
  ],
  e_ocsp_nonce_1_to_128_octets: [data({ extensions: [nonceOf(0)] }), data({ extensions: [nonceOf(129)] })],
};

/** OBJECT IDENTIFIER of SHA-1, and of MD5, which nobody answers. */
function octetStringOid(): Bytes {
  return Uint8Array.of(0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a);
}
function contextOid(): Bytes {
  return Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05);
}

describe('the lint of an OCSP answer', () => {
  it('passes what the encoder writes: each status, each reason, each hash, with and without nonce', () => {
    assert.equal(ruleOf(encodeResponseData(CONTENT)), 'passed');
    assert.equal(ruleOf(encodeResponseData({ ...CONTENT, responderId: { by: 'name', subjectDer: seq() } })), 'passed');
    assert.equal(ruleOf(data()), 'passed');
    const statuses = [
      { kind: 'good' } as const,
      { kind: 'unknown' } as const,
      { kind: 'never-issued-revoked' } as const,
      ...Object.keys(REASON_CODES).map(
        (reason) => ({ kind: 'revoked', at: AT - 1, reason: reason as RevocationReason }) as const,
      ),
    ];
    for (const hash of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
      const responses = statuses.map((status, at) => ({
        ...{
          certIdDer: certIdOf((at + 1).toString(16).padStart(32, '0'), hash),
          status,
          thisUpdate: AT,
          nextUpdate: AT + HOUR_MS,
        },
      }));
      const checked = checkOcspResponseData(
        CONTEXT,
        encodeResponseData({ ...CONTENT, responses, nonce: new Uint8Array(32) }),
      );
      assert.deepEqual(checked.ok && checked.value.responses.map(({ status }) => status), [
        'good',
        'unknown',
        ...Array(8).fill('revoked'),
      ]);
    }
  });

  for (const [rule, answers] of Object.entries(SPOILED)) {
    it(`${rule}: finds each answer that breaks it`, () => {
      for (const answer of answers) assert.equal(ruleOf(answer), rule);
    });
  }

  it('makes no token for an answer that does not pass', () => {
    const refused = lintOcsp(ISSUER, data({ extensions: [nonceOf(0)] }), CONTEXT);
    assert.equal(refused.ok ? '' : refused.error.findings[0]?.rule, 'e_ocsp_nonce_1_to_128_octets');
    assert.equal(lintOcsp(ISSUER, data(), CONTEXT).ok, true);
  });

  it('never throws on mutated answers', () => {
    const valid = encodeResponseData({ ...CONTENT, nonce: new Uint8Array(16) });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (mutations) => {
          const mutated = valid.slice();
          for (const [at, value] of mutations) mutated[at] = value;
          checkOcspResponseData(CONTEXT, mutated);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
