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
import { faultsOf } from '../../support/lint/fault-table.js';
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

const ANSWER_FAULTS = faultsOf<OcspFault>({
  e_ocsp_der_is_strict: {
    'octets after it': { make: (data) => concat([data, nullValue()]) },
    'a nonce twice': withOcspExtensions(nonce(16), nonce(17)),
  },
  e_ocsp_size_within_limit: { 'three hundred thousand octets': { make: () => tagged(0x30, new Uint8Array(300_000)) } },
  e_ocsp_version_is_v1: {
    'the default is written': (parts) => ({ ...parts, version: integer(0) }),
    'version 2': (parts) => ({ ...parts, version: integer(1) }),
  },
  e_ocsp_responder_id_is_signer: {
    'the key of another responder': (parts) => ({
      ...parts,
      id: explicit(2, octetString(new Uint8Array(20).fill(0x5a))),
    }),
  },
  e_cps_ocsp_responder_is_named_by_key: {
    'named by its name': (parts, { subjectDer }) => ({ ...parts, id: explicit(1, subjectDer) }),
  },
  e_ocsp_response_present: { 'no response': (parts) => ({ ...parts, singles: [] }) },
  e_cps_ocsp_responses_within_limit: {
    '101 responses': (parts) => ({
      ...parts,
      singles: Array.from({ length: 101 }, (_, at) => parts.singles.map((one) => numbered(one, 1_000 + at))).flat(),
    }),
  },
  e_ocsp_certid_unique: {
    'good and revoked': (parts) => ({
      ...parts,
      singles: parts.singles.flatMap((one) => [one, { ...one, status: revoked(one.from, 1) }]),
    }),
  },
  e_ocsp_extensions_are_not_critical: { 'a critical nonce': withOcspExtensions({ ...nonce(16), critical: true }) },
  e_cps_ocsp_extensions_are_ours: { 'an unknown extension': withOcspExtensions(STRANGE) },
  e_ocsp_nonce_1_to_128_octets: {
    'an empty nonce': withOcspExtensions(nonce(0)),
    'a nonce of 129 octets': withOcspExtensions(nonce(129)),
    'a nonce of 129 octets without an OCTET STRING': withOcspExtensions(
      extension('ocspNonce', new Uint8Array(129).fill(9)),
    ),
  },
  e_ocsp_extended_revoke_is_null: {
    'extendedRevoke with a number': all(
      withSingle({ status: revoked(EPOCH, 6) }),
      withOcspExtensions(extension('ocspExtendedRevoke', integer(1))),
    ),
  },
  e_ocsp_never_issued_is_extended_revoke: {
    'revoked since 1970, and the answer does not say what that means': withSingle({ status: revoked(EPOCH, 6) }),
  },
  e_cps_ocsp_extended_revoke_has_cause: { 'extendedRevoke about a good certificate': withOcspExtensions(REVOKE) },
});

function numbered(single: SingleParts, serial: number): SingleParts {
  return { ...single, certId: { ...single.certId, serial: integer(serial) } };
}

const SINGLE_FAULTS = faultsOf<OcspFault>({
  e_ocsp_certid_hash_known: { MD5: withCertId({ algorithm: hashAlgorithm('1.2.840.113549.2.5', nullValue()) }) },
  e_ocsp_certid_hash_parameters_are_null: {
    'SHA-1 with an INTEGER as parameters': withCertId({ algorithm: hashAlgorithm('1.3.14.3.2.26', integer(1)) }),
  },
  e_ocsp_certid_of_issuer: {
    'the name of another authority': withCertId({ nameHash: octetString(new Uint8Array(20)) }),
    'the key of another authority': withCertId({ keyHash: octetString(new Uint8Array(20)) }),
  },
  e_cps_ocsp_good_is_of_a_possible_serial: {
    'number 0 is good': withCertId({ serial: integer(0) }),
    'number -1 is good': withCertId({ serial: Uint8Array.of(2, 1, 0xff) }),
  },
  e_ocsp_status_form: {
    'good with something in it': withSingle({ status: contextPrimitive(0, Uint8Array.of(0)) }),
    'a fourth status': withSingle({ status: contextPrimitive(3, NOTHING) }),
  },
  e_ocsp_reason_is_defined: { 'reason 7': revokedFor(7) },
  e_ocsp_reason_is_not_remove_from_crl: { removeFromCRL: revokedFor(8) },
  e_cps_ocsp_reason_is_ours: { cACompromise: revokedFor(2) },
  e_cps_ocsp_reason_not_unspecified: { 'unspecified is written': revokedFor(0) },
  e_ocsp_revocation_not_after_produced_at: { 'to be revoked in 2049': withSingle({ status: revoked(FAR, 1) }) },
  e_ocsp_never_issued_is_on_hold: {
    'never issued, for a key that was compromised': all(
      withSingle({ status: revoked(EPOCH, 1) }),
      withOcspExtensions(REVOKE),
    ),
  },
  e_ocsp_never_issued_has_no_crl_reference: {
    'never issued, with a CRL reference, by another responder': {
      edit: all(
        withSingle({
          status: revoked(EPOCH, 6),
          extensions: [extension('ocspCrlReference', seq(explicit(1, integer(7))))],
        }),
        withOcspExtensions(REVOKE),
      ),
      context: foreign,
    },
  },
  e_ocsp_this_update_not_after_produced_at: {
    'known only after it was said': withSingle(({ to }) => ({ from: to ?? NOTHING, to: later(to ?? NOTHING) })),
  },
  e_ocsp_next_update_present: { 'no nextUpdate': withSingle({ to: null }) },
  e_ocsp_next_update_after_this_update: { 'over when it begins': withSingle(({ from }) => ({ to: from })) },
  e_cps_ocsp_life_within_policy: { 'until 2049': withSingle({ to: FAR }) },
  e_ocsp_archive_cutoff_is_past: {
    'an archive cutoff in the future, by another responder': {
      edit: withSingle({ extensions: [extension('ocspArchiveCutoff', FAR)] }),
      context: foreign,
    },
    'an archive cutoff that is no time, by another responder': {
      edit: withSingle({ extensions: [extension('ocspArchiveCutoff', nullValue())] }),
      context: foreign,
    },
  },
  e_ocsp_single_extensions_are_not_critical: {
    'a critical extension of a response': withSingle({ extensions: [{ ...STRANGE, critical: true }] }),
  },
  e_cps_ocsp_single_extensions_are_ours: { 'an extension of a response': withSingle({ extensions: [STRANGE] }) },
});

/** The last second of the minute of a GeneralizedTime. */
function later(time: Bytes): Bytes {
  const text = Buffer.from(time.slice(2)).toString('latin1');
  return tagged(0x18, utf8(`${text.slice(0, 12)}59Z`));
}

export const OCSP_FAULTS: readonly OcspFault[] = [...faultsOf<OcspFault>({}), ...ANSWER_FAULTS, ...SINGLE_FAULTS];
