/**
 * OCSP responses with one fault each, encoded by the DER writer, or by hand where it refuses to.
 */
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
  tagged,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, utf8 } from '../../../src/kernel/bytes.js';
import type { OcspLintContext } from '../../../src/lint/ocsp/lint.js';
import type { Extension } from '../../../src/x509/model.js';
import {
  all,
  hashAlgorithm,
  type OcspFault,
  type SingleParts,
  withOcspExtensions,
  withSingle,
} from '../../support/lint/ocsp-fixtures.js';

const NOTHING = new Uint8Array(0);
const foreign = (context: OcspLintContext): OcspLintContext => ({ ...context, ruleSet: 'standards' });

const extension = (name: keyof typeof OID, value: Bytes, critical = false): Extension => ({
  oid: OID[name],
  critical,
  value,
});
const STRANGE: Extension = { oid: '1.2.250.1.71.9.9', critical: false, value: nullValue() };
const REVOKE = extension('ocspExtendedRevoke', nullValue());
const nonce = (octets: number) => extension('ocspNonce', octetString(new Uint8Array(octets).fill(9)));
const EPOCH = generalizedTime(0);
const FAR = generalizedTime(Date.UTC(2049, 0, 1));

const revoked = (at: Bytes, ...reason: readonly number[]): Bytes =>
  contextConstructed(1, at, ...reason.map((code) => explicit(0, enumerated(code))));
/** A response for a certificate that was revoked at thisUpdate. */
const revokedFor = (...reason: readonly number[]) => withSingle(({ from }) => ({ status: revoked(from, ...reason) }));
const withCertId = (change: Partial<SingleParts['certId']>) =>
  withSingle(({ certId }) => ({ certId: { ...certId, ...change } }));

const ANSWER_FAULTS: readonly OcspFault[] = [
  { rule: 'e_ocsp_der_is_strict', fault: 'octets after it', make: (data) => concat([data, nullValue()]) },
  {
    rule: 'e_ocsp_der_is_strict',
    fault: 'a nonce twice',
    edit: withOcspExtensions(nonce(16), nonce(17)),
  },
  {
    rule: 'e_ocsp_size_within_limit',
    fault: 'three hundred thousand octets',
    make: () => tagged(0x30, new Uint8Array(300_000)),
  },
  {
    rule: 'e_ocsp_version_is_v1',
    fault: 'the default is written',
    edit: (parts) => ({ ...parts, version: integer(0) }),
  },
  { rule: 'e_ocsp_version_is_v1', fault: 'version 2', edit: (parts) => ({ ...parts, version: integer(1) }) },
  {
    rule: 'e_ocsp_responder_id_is_signer',
    fault: 'the key of another responder',
    edit: (parts) => ({ ...parts, id: explicit(2, octetString(new Uint8Array(20).fill(0x5a))) }),
  },
  {
    rule: 'e_cps_ocsp_responder_is_named_by_key',
    fault: 'named by its name',
    edit: (parts, { subjectDer }) => ({ ...parts, id: explicit(1, subjectDer) }),
  },
  { rule: 'e_ocsp_response_present', fault: 'no response', edit: (parts) => ({ ...parts, singles: [] }) },
  {
    rule: 'e_cps_ocsp_responses_within_limit',
    fault: '101 responses',
    edit: (parts) => ({
      ...parts,
      singles: Array.from({ length: 101 }, (_, at) => parts.singles.map((one) => numbered(one, 1_000 + at))).flat(),
    }),
  },
  {
    rule: 'e_ocsp_certid_unique',
    fault: 'good and revoked',
    edit: (parts) => ({
      ...parts,
      singles: parts.singles.flatMap((one) => [one, { ...one, status: revoked(one.from, 1) }]),
    }),
  },
  {
    rule: 'e_ocsp_extensions_are_not_critical',
    fault: 'a critical nonce',
    edit: withOcspExtensions({ ...nonce(16), critical: true }),
  },
  {
    rule: 'e_cps_ocsp_extensions_are_ours',
    fault: 'an unknown extension',
    edit: withOcspExtensions(STRANGE),
  },
  { rule: 'e_ocsp_nonce_1_to_128_octets', fault: 'an empty nonce', edit: withOcspExtensions(nonce(0)) },
  { rule: 'e_ocsp_nonce_1_to_128_octets', fault: 'a nonce of 129 octets', edit: withOcspExtensions(nonce(129)) },
  {
    rule: 'e_ocsp_nonce_1_to_128_octets',
    fault: 'a nonce of 129 octets without an OCTET STRING',
    edit: withOcspExtensions(extension('ocspNonce', new Uint8Array(129).fill(9))),
  },
  {
    rule: 'e_ocsp_extended_revoke_is_null',
    fault: 'extendedRevoke with a number',
    edit: all(
      withSingle({ status: revoked(EPOCH, 6) }),
      withOcspExtensions(extension('ocspExtendedRevoke', integer(1))),
    ),
  },
  {
    rule: 'e_ocsp_never_issued_is_extended_revoke',
    fault: 'revoked since 1970, and the answer does not say what that means',
    edit: withSingle({ status: revoked(EPOCH, 6) }),
  },
  {
    rule: 'e_cps_ocsp_extended_revoke_has_cause',
    fault: 'extendedRevoke about a good certificate',
    edit: withOcspExtensions(REVOKE),
  },
];

function numbered(single: SingleParts, serial: number): SingleParts {
  return { ...single, certId: { ...single.certId, serial: integer(serial) } };
}

const SINGLE_FAULTS: readonly OcspFault[] = [
  {
    rule: 'e_ocsp_certid_hash_known',
    fault: 'MD5',
    edit: withCertId({ algorithm: hashAlgorithm('1.2.840.113549.2.5', nullValue()) }),
  },
  {
    rule: 'e_ocsp_certid_hash_parameters_are_null',
    fault: 'SHA-1 with an INTEGER as parameters',
    edit: withCertId({ algorithm: hashAlgorithm('1.3.14.3.2.26', integer(1)) }),
  },
  {
    rule: 'e_ocsp_certid_of_issuer',
    fault: 'the name of another authority',
    edit: withCertId({ nameHash: octetString(new Uint8Array(20)) }),
  },
  {
    rule: 'e_ocsp_certid_of_issuer',
    fault: 'the key of another authority',
    edit: withCertId({ keyHash: octetString(new Uint8Array(20)) }),
  },
  {
    rule: 'e_cps_ocsp_good_is_of_a_possible_serial',
    fault: 'number 0 is good',
    edit: withCertId({ serial: integer(0) }),
  },
  {
    rule: 'e_cps_ocsp_good_is_of_a_possible_serial',
    fault: 'number -1 is good',
    edit: withCertId({ serial: Uint8Array.of(2, 1, 0xff) }),
  },
  {
    rule: 'e_ocsp_status_form',
    fault: 'good with something in it',
    edit: withSingle({ status: contextPrimitive(0, Uint8Array.of(0)) }),
  },
  {
    rule: 'e_ocsp_status_form',
    fault: 'a fourth status',
    edit: withSingle({ status: contextPrimitive(3, NOTHING) }),
  },
  { rule: 'e_ocsp_reason_is_defined', fault: 'reason 7', edit: revokedFor(7) },
  { rule: 'e_ocsp_reason_is_not_remove_from_crl', fault: 'removeFromCRL', edit: revokedFor(8) },
  { rule: 'e_cps_ocsp_reason_is_ours', fault: 'cACompromise', edit: revokedFor(2) },
  { rule: 'e_cps_ocsp_reason_not_unspecified', fault: 'unspecified is written', edit: revokedFor(0) },
  {
    rule: 'e_ocsp_revocation_not_after_produced_at',
    fault: 'to be revoked in 2049',
    edit: withSingle({ status: revoked(FAR, 1) }),
  },
  {
    rule: 'e_ocsp_never_issued_is_on_hold',
    fault: 'never issued, for a key that was compromised',
    edit: all(withSingle({ status: revoked(EPOCH, 1) }), withOcspExtensions(REVOKE)),
  },
  {
    rule: 'e_ocsp_never_issued_has_no_crl_reference',
    fault: 'never issued, with a CRL reference, by another responder',
    edit: all(
      withSingle({
        status: revoked(EPOCH, 6),
        extensions: [extension('ocspCrlReference', seq(explicit(1, integer(7))))],
      }),
      withOcspExtensions(REVOKE),
    ),
    context: foreign,
  },
  {
    rule: 'e_ocsp_this_update_not_after_produced_at',
    fault: 'known only after it was said',
    edit: withSingle(({ to }) => ({ from: to ?? NOTHING, to: later(to ?? NOTHING) })),
  },
  { rule: 'e_ocsp_next_update_present', fault: 'no nextUpdate', edit: withSingle({ to: null }) },
  {
    rule: 'e_ocsp_next_update_after_this_update',
    fault: 'over when it begins',
    edit: withSingle(({ from }) => ({ to: from })),
  },
  { rule: 'e_cps_ocsp_life_within_policy', fault: 'until 2049', edit: withSingle({ to: FAR }) },
  {
    rule: 'e_ocsp_archive_cutoff_is_past',
    fault: 'an archive cutoff in the future, by another responder',
    edit: withSingle({ extensions: [extension('ocspArchiveCutoff', FAR)] }),
    context: foreign,
  },
  {
    rule: 'e_ocsp_archive_cutoff_is_past',
    fault: 'an archive cutoff that is no time, by another responder',
    edit: withSingle({ extensions: [extension('ocspArchiveCutoff', nullValue())] }),
    context: foreign,
  },
  {
    rule: 'e_ocsp_single_extensions_are_not_critical',
    fault: 'a critical extension of a response',
    edit: withSingle({ extensions: [{ ...STRANGE, critical: true }] }),
  },
  {
    rule: 'e_cps_ocsp_single_extensions_are_ours',
    fault: 'an extension of a response',
    edit: withSingle({ extensions: [STRANGE] }),
  },
];

/** The last second of the minute of a GeneralizedTime. */
function later(time: Bytes): Bytes {
  const text = Buffer.from(time.slice(2)).toString('latin1');
  return tagged(0x18, utf8(`${text.slice(0, 12)}59Z`));
}

export const OCSP_FAULTS: readonly OcspFault[] = [...ANSWER_FAULTS, ...SINGLE_FAULTS];
