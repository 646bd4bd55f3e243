/**
 * "The format of an rfc822Name is a "Mailbox" as defined in Section 4.1.2 of [RFC2821]": a local
 * part, one at sign, and a domain of letters, digits and inner hyphens, without phrase, comment or
 * angle brackets.
 */
import type { AnySubject, Rule } from '../../rule.js';

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const LOCAL_PART_CHARACTERS_MAX = 64;
const MAILBOX_CHARACTERS_MAX = 254;

export const e_rfc822_names_are_mailboxes: Rule<AnySubject> = {
  name: 'e_rfc822_names_are_mailboxes',
  citation: 'RFC 5280 4.2.1.6; RFC 5321 4.1.2 and 4.5.3.1',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const names = extensions.get('subjectAltName') ?? [];
    const wrong = names.find(({ kind, value }) => kind === 'email' && !isMailbox(value));
    return wrong === undefined ? null : JSON.stringify(wrong.value);
  },
};

function isMailbox(address: string): boolean {
  const [local = '', domain = '', ...more] = address.split('@');
  return (
    more.length === 0 &&
    address.length <= MAILBOX_CHARACTERS_MAX &&
    local.length <= LOCAL_PART_CHARACTERS_MAX &&
    LOCAL_PART.test(local) &&
    domain.split('.').every((label) => LABEL.test(label))
  );
}
