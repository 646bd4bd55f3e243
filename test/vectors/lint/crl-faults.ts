/** CRLs with one fault each, encoded by the DER writer, or by hand where it refuses to. */

import {
  contextPrimitive,
  explicit,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  tagged,
  time,
} from '../../../src/asn1/der-writer.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat, utf8 } from '../../../src/kernel/bytes.js';
import { type CrlFault, entryOf, inTurn, onlyEntry } from '../../support/lint/crl-fixtures.js';
import { faultsOf } from '../../support/lint/fault-table.js';

import { CRL_EXTENSION_FAULTS } from './crl-extension-faults.js';
import { directoryName, extension, foreign, hex, part, reason, STRANGE, TRUE } from './crl-pieces.js';

const HEADER_FAULTS = faultsOf<CrlFault>({
  e_crl_der_is_strict: {
    'an extension twice': (parts) => ({
      ...parts,
      extensions: [...(parts.extensions ?? []), ...(parts.extensions ?? []).slice(0, 1)],
    }),
    'a length in more octets than needed': {
      make: (tbs) => {
        const content = contentOf(tbs);
        // 30 84 00 xx xx xx, where three octets are enough for a CRL below 16 MiB.
        return concat([
          Uint8Array.of(0x30, 0x84, 0, content.length >> 16, content.length >> 8, content.length),
          content,
        ]);
      },
    },
    'a field after the extensions': { make: (tbs) => seq(contentOf(tbs), integer(1)) },
    'cut off before its end': { make: (tbs) => tbs.slice(0, -1) },
  },
  e_crl_size_within_limit: { 'it announces four thousand million octets': { make: () => hex('3084ffffffff') } },
  e_crl_version_is_v2: {
    'version 1, which is not written, with extensions': (parts) => ({ ...parts, version: null }),
    'version 3': (parts) => ({ ...parts, version: integer(2) }),
  },
  e_crl_signature_algorithm_fits_issuer_key: {
    'ECDSA with SHA-256 and NULL parameters': (parts) => ({
      ...parts,
      algorithm: seq(oid('1.2.840.10045.4.3.2'), nullValue()),
    }),
    'RSA with SHA-1': (parts) => ({ ...parts, algorithm: seq(oid('1.2.840.113549.1.1.5'), nullValue()) }),
  },
  e_crl_issuer_is_not_empty: {
    'no name': {
      edit: (parts) => ({ ...parts, issuer: seq() }),
      also: { e_crl_issuer_is_subject_of_issuer: 'the issuer has a name' },
    },
  },
  e_crl_issuer_is_subject_of_issuer: {
    'another name': (parts) => ({ ...parts, issuer: seq(tagged(0x31, seq(oid('2.5.4.6'), tagged(0x13, utf8('BE'))))) }),
  },
  e_crl_time_form: {
    'nextUpdate as GeneralizedTime before 2050': (parts) => ({
      ...parts,
      to: longForm(present(parts.to, 'nextUpdate')),
    }),
    'thisUpdate as GeneralizedTime before 2050': (parts) => ({ ...parts, from: longForm(parts.from), entries: null }),
  },
  e_crl_next_update_present: { 'no nextUpdate': (parts) => ({ ...parts, to: null }) },
  e_crl_next_update_after_this_update: { 'nextUpdate is thisUpdate': (parts) => ({ ...parts, to: parts.from }) },
  e_cps_crl_life_within_policy: { 'nextUpdate in 2049': (parts) => ({ ...parts, to: time(Date.UTC(2049, 0, 1)) }) },
});

function contentOf(der: Bytes): Bytes {
  const first = der[1] ?? 0;
  return der.slice(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

/** The GeneralizedTime of a UTCTime of this century. */
function longForm(utc: Bytes): Bytes {
  return tagged(0x18, concat([utf8('20'), utc.slice(2)]));
}

const ENTRY_FAULTS = faultsOf<CrlFault>({
  e_crl_entry_is_well_formed: {
    'no revocationDate': (parts) => ({ ...parts, entries: [seq(integer(5))] }),
    'the thirtieth of February': (parts) => ({
      ...parts,
      entries: [entryOf(integer(5), tagged(0x17, utf8('240230100000Z')))],
    }),
    'a reason twice': onlyEntry(integer(5), reason(1), reason(1)),
    'a serial number in more octets than needed': onlyEntry(hex('02020005')),
  },
  e_crl_serial_is_positive: {
    'serial number zero': onlyEntry(integer(0)),
    'serial number -1': onlyEntry(hex('0201ff')),
  },
  e_crl_serial_at_most_20_octets: {
    'a serial number of 21 octets': onlyEntry(tagged(0x02, new Uint8Array(21).fill(0x11))),
  },
  e_crl_serial_is_listed_once: {
    'one serial number twice': (parts) => ({
      ...parts,
      entries: [entryOf(integer(5), parts.from), entryOf(integer(5), parts.from)],
    }),
  },
  e_crl_revocation_date_form: {
    'a GeneralizedTime before 2050': (parts) => ({ ...parts, entries: [entryOf(integer(5), longForm(parts.from))] }),
  },
  e_crl_reason_is_defined: {
    'reason 7': onlyEntry(integer(5), reason(7)),
    'reason 11': onlyEntry(integer(5), reason(11)),
  },
  e_crl_reason_not_unspecified: { 'unspecified is written': onlyEntry(integer(5), reason(0)) },
  e_crl_reason_is_not_critical: { 'a critical reason': onlyEntry(integer(5), reason(1, true)) },
  e_crl_invalidity_date_is_not_critical: {
    'a critical invalidityDate': onlyEntry(
      integer(5),
      extension('invalidityDate', generalizedTime(Date.UTC(2026, 0, 1)), true),
    ),
  },
  e_crl_certificate_issuer_is_critical: {
    'certificateIssuer is not critical, in an indirect CRL of another issuer': {
      edit: (parts) =>
        inTurn(
          onlyEntry(integer(5), extension('certificateIssuer', seq(directoryName(parts)))),
          part(contextPrimitive(4, TRUE)),
        )(parts),
      context: foreign,
    },
  },
  e_crl_entry_extension_values_are_well_formed: {
    'a reason that is an INTEGER': onlyEntry(integer(5), extension('reasonCode', integer(1))),
    'an invalidityDate with fractions of a second': onlyEntry(
      integer(5),
      extension('invalidityDate', tagged(0x18, utf8('20260101000000.5Z'))),
    ),
    'an invalidityDate that is a UTCTime': onlyEntry(
      integer(5),
      extension('invalidityDate', time(Date.UTC(2026, 0, 1))),
    ),
  },
  e_crl_entry_no_unknown_critical_extension: {
    'an unknown critical extension of an entry': onlyEntry(integer(5), { ...STRANGE, critical: true }),
  },
  e_cps_crl_entries_ascend: {
    'number 128 before number 127': (parts) => ({
      ...parts,
      entries: [entryOf(integer(128), parts.from), entryOf(integer(127), parts.from)],
    }),
  },
  e_cps_crl_entry_extensions_are_ours: { 'an unknown extension of an entry': onlyEntry(integer(5), STRANGE) },
  e_cps_crl_reason_is_ours: {
    cACompromise: onlyEntry(integer(5), reason(2)),
    aACompromise: onlyEntry(integer(5), reason(10)),
  },
  e_cps_crl_revocation_is_not_after_this_update: {
    'revoked when the next list is issued': (parts) => ({
      ...parts,
      entries: [entryOf(integer(5), present(parts.to, 'nextUpdate'))],
    }),
  },
  e_crl_no_empty_revoked_list: { 'a list of nothing': (parts) => ({ ...parts, entries: [] }) },
});

export const CRL_FAULTS: readonly CrlFault[] = [
  ...faultsOf<CrlFault>({}),
  ...HEADER_FAULTS,
  ...ENTRY_FAULTS,
  ...CRL_EXTENSION_FAULTS,
];

/** Bytes that are no CRL at all. */
export const NO_LISTS: readonly Bytes[] = [
  new Uint8Array(0),
  hex('3080'),
  nullValue(),
  octetString(nullValue()),
  explicit(0, nullValue()),
];
