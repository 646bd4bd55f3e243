/**
 * Addresses of a mail server, where the profile certifies them: mailboxes in ASCII (RFC 5280
 * 4.2.1.6, RFC 5321 4.1.2), in the domain that is the server's only name or in a domain below it.
 * The domain part is in lower case, as the names of servers are.
 */
import { CEILINGS } from '../ceilings.js';
import { isDomainName } from '../identifiers/domain-name.js';
import type { Holder, Profile, Violation } from '../model.js';
import { violation } from './rule.js';

type Server = Extract<Holder, { kind: 'server' }>;

/**
 * The Dot-string of RFC 5321. Quoted local parts are rejected, because few readers handle them
 * correctly.
 */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/**
 * RFC 5321 4.5.3.1.1 and 4.5.3.1.3: lengths of the local part, and of a path without its angle
 * brackets.
 */
const LOCAL_PART_CHARACTERS_MAX = 64;
const ADDRESS_CHARACTERS_MAX = 254;

export function mailAddressViolations({ names, emails = [] }: Server, profile: Profile): readonly Violation[] {
  if (profile.subjectAltName !== 'email')
    return emails.length === 0
      ? []
      : [
          violation(
            '/holder/emails',
            'emails-unexpected',
            `${profile.id} certifies no e-mail addresses: leave emails out`,
          ),
        ];
  const [domain = '', ...others] = names;
  const violations: Violation[] = [];
  if (others.length > 0)
    violations.push(
      violation('/holder/names/1', 'mail-domain-single', 'is a name too many: one domain, its addresses in emails'),
    );
  if (emails.length === 0)
    violations.push(
      violation('/holder/emails', 'emails-required', `has no address: ${profile.id} certifies at least one`),
    );
  if (emails.length > CEILINGS.mailAddressesMax)
    return [violation('/holder/emails', 'emails-count', `has more than ${CEILINGS.mailAddressesMax} addresses`)];
  return [...violations, ...emails.flatMap((address, at) => addressViolations(emails, { address, at, domain }))];
}

type One = { readonly address: string; readonly at: number; readonly domain: string };

function addressViolations(emails: readonly string[], { address, at, domain }: One): readonly Violation[] {
  const pointer = `/holder/emails/${at}`;
  const sign = address.lastIndexOf('@');
  const [local, host] = [address.slice(0, Math.max(0, sign)), address.slice(sign + 1)];
  if (address.length > ADDRESS_CHARACTERS_MAX || local.length > LOCAL_PART_CHARACTERS_MAX || !LOCAL_PART.test(local))
    return [violation(pointer, 'email-syntax', 'is not an e-mail address, e.g. service@mail.example.org')];
  if (host !== domain && !host.endsWith(`.${domain}`))
    return [violation(pointer, 'email-domain', `is not in the domain ${domain}, the server's name`)];
  if (!isDomainName(host))
    return [violation(pointer, 'email-syntax', 'has a domain that is none, or not in lower case')];
  const isFirst = emails.indexOf(address) === at;
  return isFirst ? [] : [violation(pointer, 'email-unique', 'is a duplicate')];
}
