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

import { CRL_EXTENSION_FAULTS } from './crl-extension-faults.js';
import { directoryName, extension, foreign, hex, part, reason, STRANGE, TRUE } from './crl-pieces.js';

const HEADER_FAULTS: readonly CrlFault[] = [
  {
    rule: 'e_crl_der_is_strict',
    fault: 'an extension twice',
    edit: (parts) => ({ ...parts, extensions: [...(parts.extensions ?? []), ...(parts.extensions ?? []).slice(0, 1)] }),
  },
  {
    rule: 'e_crl_der_is_strict',
    fault: 'a length in more octets than needed',
    make: (tbs) => {
      const content = contentOf(tbs);
      // 30 84 00 xx xx xx, where three octets are enough for a CRL below 16 MiB.
      return concat([Uint8Array.of(0x30, 0x84, 0, content.length >> 16, content.length >> 8, content.length), content]);
    },
  },
  {
    rule: 'e_crl_der_is_strict',
    fault: 'a field after the extensions',
    make: (tbs) => seq(contentOf(tbs), integer(1)),
  },
  { rule: 'e_crl_der_is_strict', fault: 'cut off before its end', make: (tbs) => tbs.slice(0, -1) },
  {
    rule: 'e_crl_size_within_limit',
    fault: 'it announces four thousand million octets',
    make: () => hex('3084ffffffff'),
  },
  {
    rule: 'e_crl_version_is_v2',
    fault: 'version 1, which is not written, with extensions',
    edit: (parts) => ({ ...parts, version: null }),
  },
  { rule: 'e_crl_version_is_v2', fault: 'version 3', edit: (parts) => ({ ...parts, version: integer(2) }) },
  {
    rule: 'e_crl_signature_algorithm_fits_issuer_key',
    fault: 'ECDSA with SHA-256 and NULL parameters',
    edit: (parts) => ({ ...parts, algorithm: seq(oid('1.2.840.10045.4.3.2'), nullValue()) }),
  },
  {
    rule: 'e_crl_signature_algorithm_fits_issuer_key',
    fault: 'RSA with SHA-1',
    edit: (parts) => ({ ...parts, algorithm: seq(oid('1.2.840.113549.1.1.5'), nullValue()) }),
  },
  {
    rule: 'e_crl_issuer_is_not_empty',
    fault: 'no name',
    edit: (parts) => ({ ...parts, issuer: seq() }),
    also: { e_crl_issuer_is_subject_of_issuer: 'the issuer has a name' },
  },
  {
    rule: 'e_crl_issuer_is_subject_of_issuer',
    fault: 'another name',
    edit: (parts) => ({ ...parts, issuer: seq(tagged(0x31, seq(oid('2.5.4.6'), tagged(0x13, utf8('BE'))))) }),
  },
  {
    rule: 'e_crl_time_form',
    fault: 'nextUpdate as GeneralizedTime before 2050',
    edit: (parts) => ({ ...parts, to: longForm(present(parts.to, 'nextUpdate')) }),
  },
  {
    rule: 'e_crl_time_form',
    fault: 'thisUpdate as GeneralizedTime before 2050',
    edit: (parts) => ({ ...parts, from: longForm(parts.from), entries: null }),
  },
  { rule: 'e_crl_next_update_present', fault: 'no nextUpdate', edit: (parts) => ({ ...parts, to: null }) },
  {
    rule: 'e_crl_next_update_after_this_update',
    fault: 'nextUpdate is thisUpdate',
    edit: (parts) => ({ ...parts, to: parts.from }),
  },
  {
    rule: 'e_cps_crl_life_within_policy',
    fault: 'nextUpdate in 2049',
    edit: (parts) => ({ ...parts, to: time(Date.UTC(2049, 0, 1)) }),
  },
];

function contentOf(der: Bytes): Bytes {
  const first = der[1] ?? 0;
  return der.slice(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

/** The GeneralizedTime of a UTCTime of this century. */
function longForm(utc: Bytes): Bytes {
  return tagged(0x18, concat([utf8('20'), utc.slice(2)]));
}

const ENTRY_FAULTS: readonly CrlFault[] = [
  {
    rule: 'e_crl_entry_is_well_formed',
    fault: 'no revocationDate',
    edit: (parts) => ({ ...parts, entries: [seq(integer(5))] }),
  },
  {
    rule: 'e_crl_entry_is_well_formed',
    fault: 'the thirtieth of February',
    edit: (parts) => ({ ...parts, entries: [entryOf(integer(5), tagged(0x17, utf8('240230100000Z')))] }),
  },
  {
    rule: 'e_crl_entry_is_well_formed',
    fault: 'a reason twice',
    edit: onlyEntry(integer(5), reason(1), reason(1)),
  },
  {
    rule: 'e_crl_entry_is_well_formed',
    fault: 'a serial number in more octets than needed',
    edit: onlyEntry(hex('02020005')),
  },
  { rule: 'e_crl_serial_is_positive', fault: 'serial number zero', edit: onlyEntry(integer(0)) },
  { rule: 'e_crl_serial_is_positive', fault: 'serial number -1', edit: onlyEntry(hex('0201ff')) },
  {
    rule: 'e_crl_serial_at_most_20_octets',
    fault: 'a serial number of 21 octets',
    edit: onlyEntry(tagged(0x02, new Uint8Array(21).fill(0x11))),
  },
  {
    rule: 'e_crl_serial_is_listed_once',
    fault: 'one serial number twice',
    edit: (parts) => ({ ...parts, entries: [entryOf(integer(5), parts.from), entryOf(integer(5), parts.from)] }),
  },
  {
    rule: 'e_crl_revocation_date_form',
    fault: 'a GeneralizedTime before 2050',
    edit: (parts) => ({ ...parts, entries: [entryOf(integer(5), longForm(parts.from))] }),
  },
  { rule: 'e_crl_reason_is_defined', fault: 'reason 7', edit: onlyEntry(integer(5), reason(7)) },
  { rule: 'e_crl_reason_is_defined', fault: 'reason 11', edit: onlyEntry(integer(5), reason(11)) },
  { rule: 'e_crl_reason_not_unspecified', fault: 'unspecified is written', edit: onlyEntry(integer(5), reason(0)) },
  { rule: 'e_crl_reason_is_not_critical', fault: 'a critical reason', edit: onlyEntry(integer(5), reason(1, true)) },
  {
    rule: 'e_crl_invalidity_date_is_not_critical',
    fault: 'a critical invalidityDate',
    edit: onlyEntry(integer(5), extension('invalidityDate', generalizedTime(Date.UTC(2026, 0, 1)), true)),
  },
  {
    rule: 'e_crl_certificate_issuer_is_critical',
    fault: 'certificateIssuer is not critical, in an indirect CRL of another issuer',
    edit: (parts) =>
      inTurn(
        onlyEntry(integer(5), extension('certificateIssuer', seq(directoryName(parts)))),
        part(contextPrimitive(4, TRUE)),
      )(parts),
    context: foreign,
  },
  {
    rule: 'e_crl_entry_extension_values_are_well_formed',
    fault: 'a reason that is an INTEGER',
    edit: onlyEntry(integer(5), extension('reasonCode', integer(1))),
  },
  {
    rule: 'e_crl_entry_extension_values_are_well_formed',
    fault: 'an invalidityDate with fractions of a second',
    edit: onlyEntry(integer(5), extension('invalidityDate', tagged(0x18, utf8('20260101000000.5Z')))),
  },
  {
    rule: 'e_crl_entry_extension_values_are_well_formed',
    fault: 'an invalidityDate that is a UTCTime',
    edit: onlyEntry(integer(5), extension('invalidityDate', time(Date.UTC(2026, 0, 1)))),
  },
  {
    rule: 'e_crl_entry_no_unknown_critical_extension',
    fault: 'an unknown critical extension of an entry',
    edit: onlyEntry(integer(5), { ...STRANGE, critical: true }),
  },
  {
    rule: 'e_cps_crl_entries_ascend',
    fault: 'number 128 before number 127',
    edit: (parts) => ({ ...parts, entries: [entryOf(integer(128), parts.from), entryOf(integer(127), parts.from)] }),
  },
  {
    rule: 'e_cps_crl_entry_extensions_are_ours',
    fault: 'an unknown extension of an entry',
    edit: onlyEntry(integer(5), STRANGE),
  },
  { rule: 'e_cps_crl_reason_is_ours', fault: 'cACompromise', edit: onlyEntry(integer(5), reason(2)) },
  { rule: 'e_cps_crl_reason_is_ours', fault: 'aACompromise', edit: onlyEntry(integer(5), reason(10)) },
  {
    rule: 'e_cps_crl_revocation_is_not_after_this_update',
    fault: 'revoked when the next list is issued',
    edit: (parts) => ({ ...parts, entries: [entryOf(integer(5), present(parts.to, 'nextUpdate'))] }),
  },
  {
    rule: 'e_crl_no_empty_revoked_list',
    fault: 'a list of nothing',
    edit: (parts) => ({ ...parts, entries: [] }),
  },
];

export const CRL_FAULTS: readonly CrlFault[] = [...HEADER_FAULTS, ...ENTRY_FAULTS, ...CRL_EXTENSION_FAULTS];

/** Bytes that are no CRL at all. */
export const NO_LISTS: readonly Bytes[] = [
  new Uint8Array(0),
  hex('3080'),
  nullValue(),
  octetString(nullValue()),
  explicit(0, nullValue()),
];
