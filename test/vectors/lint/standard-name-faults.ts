/** Broken certificates for the rules of public standards about alternative names. */

import { contextConstructed, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import { dns, type Edit, email, type StandardFault, withCritical, withExtension } from '../../support/lint/fixtures.js';
import { MAIL, SERVER } from './subjects.js';

const uri = (address: string): Uint8Array => tagged(0x86, utf8(address));
const smtpUtf8 = (mailbox: string): Uint8Array =>
  contextConstructed(0, oid(OID.smtpUtf8Mailbox), contextConstructed(0, tagged(0x0c, utf8(mailbox))));
const names = (...list: readonly Uint8Array[]): Edit => withExtension('subjectAltName', seq(...list));

export const STANDARD_NAME_FAULTS: readonly StandardFault[] = [
  ...faultsIn<StandardFault>(SERVER, {
    w_alternative_names_are_not_critical_beside_subject: {
      'critical, although there is a subject': withCritical('subjectAltName', true),
    },
    e_alternative_names_are_not_empty: {
      'an empty dNSName': names(dns('')),
      'an empty directoryName of the issuer': withExtension('issuerAltName', seq(contextConstructed(4))),
    },
    e_a_labels_are_in_normal_form: {
      // "e\u0301a" in Punycode.
      'e and a combining acute accent': names(dns('lps.example.org'), dns('xn--ea-8tb.example.org')),
    },
    e_smtp_utf8_mailbox_local_part_is_not_ascii: {
      'an address that rfc822Name can hold': {
        of: MAIL,
        edit: names(email('a@mail.example.org'), smtpUtf8('medecin@xn--sant-epa.example.org')),
      },
    },
    e_dns_names_have_preferred_syntax: {
      'a label of 64 characters': names(dns('lps.example.org'), dns(`${'a'.repeat(64)}.example.org`)),
    },
  }),
  ...['/relative', 'http:', 'sans espace', 'http://example.org/%zz'].map(
    (address): StandardFault => ({
      rule: 'e_uri_names_are_absolute',
      fault: JSON.stringify(address),
      of: SERVER,
      edit: names(dns('lps.example.org'), uri(address)),
    }),
  ),
  ...['http://localhost/', 'ldap:///cn=x', 'http://user@under_score.example.org:80/'].map(
    (address): StandardFault => ({
      rule: 'e_uri_names_have_a_full_host',
      fault: JSON.stringify(address),
      of: SERVER,
      edit: names(dns('lps.example.org'), uri(address)),
    }),
  ),
  // Beyond the last character of Unicode, and cut off in the middle of a number.
  ...['xn--99999999', 'xn--abc-9'].map(
    (label): StandardFault => ({
      rule: 'e_a_labels_are_punycode',
      fault: label,
      of: SERVER,
      edit: names(dns('lps.example.org'), dns(`${label}.example.org`)),
    }),
  ),
  ...[
    'Contact <a@mail.example.org>',
    'a@b@mail.example.org',
    'a b@mail.example.org',
    '.a@mail.example.org',
    '@mail.example.org',
    `${'a'.repeat(65)}@mail.example.org`,
  ].map(
    (address): StandardFault => ({
      rule: 'e_rfc822_names_are_mailboxes',
      fault: JSON.stringify(address),
      of: MAIL,
      edit: names(email('a@mail.example.org'), email(address)),
    }),
  ),
  ...['médecin@santé.example.org', 'médecin@sante_.example.org', 'médecin@xn--99999999.example.org'].map(
    (mailbox): StandardFault => ({
      rule: 'e_smtp_utf8_mailbox_domain_has_ldh_labels',
      fault: JSON.stringify(mailbox),
      of: MAIL,
      edit: names(email('a@mail.example.org'), smtpUtf8(mailbox)),
    }),
  ),
];
