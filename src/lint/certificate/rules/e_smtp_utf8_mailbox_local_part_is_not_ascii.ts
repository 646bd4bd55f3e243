/**
 * "SmtpUTF8Mailbox subjectAltName MUST only be used when the local-part of the email address
 * contains non-ASCII characters. When the local-part is ASCII, rfc822Name subjectAltName MUST be
 * used instead": readers and name constraints know rfc822Name.
 */
import type { AnySubject, Rule } from '../../rule.js';

const ASCII = /^[\0-\x7f]*$/;

export const e_smtp_utf8_mailbox_local_part_is_not_ascii: Rule<AnySubject> = {
  name: 'e_smtp_utf8_mailbox_local_part_is_not_ascii',
  citation: 'RFC 9598 3; RFC 8398 3',
  effective: '2018-05-01',
  check: ({ extensions }) => {
    const wrong = (extensions.get('subjectAltName') ?? [])
      .filter(({ kind }) => kind === 'smtpUtf8')
      .find(({ value }) => ASCII.test(value.slice(0, Math.max(0, value.lastIndexOf('@')))));
    return wrong === undefined ? null : JSON.stringify(wrong.value);
  },
};
