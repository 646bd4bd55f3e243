/**
 * "All domain labels included in the SmtpUTF8Mailbox value SHALL be encoded as LDH labels. In
 * particular, domain labels SHALL NOT be encoded as U-labels and instead SHALL be encoded using
 * A-labels": otherwise one domain has two forms, and name constraints for one miss the other.
 */
import { decodePunycode } from '../../../x509/punycode.js';
import type { AnySubject, Rule } from '../../rule.js';

const LDH = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export const e_smtp_utf8_mailbox_domain_has_ldh_labels: Rule<AnySubject> = {
  name: 'e_smtp_utf8_mailbox_domain_has_ldh_labels',
  citation: 'RFC 9598 3 and appendix A; RFC 5890 2.3.1',
  effective: '2024-05-01',
  check: ({ extensions }) => {
    const wrong = (extensions.get('subjectAltName') ?? [])
      .filter(({ kind }) => kind === 'smtpUtf8')
      .find(({ value }) => !domainOf(value).split('.').every(isLabel));
    return wrong === undefined ? null : JSON.stringify(wrong.value);
  },
};

function domainOf(mailbox: string): string {
  return mailbox.includes('@') ? mailbox.slice(mailbox.lastIndexOf('@') + 1) : '';
}

function isLabel(label: string): boolean {
  return LDH.test(label) && (!/^xn--/i.test(label) || decodePunycode(label.slice(4)) !== null);
}
