/**
 * Addresses of a mail server, where the profile certifies them: mailboxes in ASCII (RFC 5280
 * 4.2.1.6, RFC 5321 4.1.2), in the domain that is the server's only name or in a domain below it.
 * The case of the domain part makes no difference (RFC 5280 7.5, RFC 5321 2.4).
 */
import { type Violation, violation } from '../../texts/text.js';
import { CEILINGS } from '../ceilings.js';
import { isDomainName } from '../identifiers/domain-name.js';
import { mailboxOf, normalMailbox } from '../identifiers/mailbox.js';
import type { Holder, Profile } from '../model.js';
import type { Script } from '../scripts.js';
import { lookAlikeDomain } from './look-alikes.js';

type Server = Extract<Holder, { kind: 'server' }>;

export function mailAddressViolations(
  { names, emails = [] }: Server,
  profile: Profile,
  scripts: readonly Script[],
): readonly Violation[] {
  if (profile.subjectAltName !== 'email')
    return emails.length === 0 ? [] : [violation('/holder/emails', 'emails-unexpected', { profile: profile.id })];
  const [domain = '', ...others] = names;
  const violations: Violation[] = [];
  if (others.length > 0) violations.push(violation('/holder/names/1', 'mail-domain-single'));
  if (emails.length === 0) violations.push(violation('/holder/emails', 'emails-required', { profile: profile.id }));
  if (emails.length > CEILINGS.mailAddressesMax)
    return [violation('/holder/emails', 'emails-count', { max: CEILINGS.mailAddressesMax })];
  return [
    ...violations,
    ...emails.flatMap((address, at) => addressViolations(emails, { address, at, domain, scripts })),
  ];
}

type One = {
  readonly address: string;
  readonly at: number;
  readonly domain: string;
  readonly scripts: readonly Script[];
};

function addressViolations(emails: readonly string[], { address, at, domain, scripts }: One): readonly Violation[] {
  const pointer = `/holder/emails/${at}`;
  const mailbox = mailboxOf(address);
  if (mailbox === null) return [violation(pointer, 'email-syntax')];
  const host = mailbox.domain;
  if (host !== domain && !host.endsWith(`.${domain}`)) return [violation(pointer, 'email-domain', { domain })];
  if (!isDomainName(host)) return [violation(pointer, 'email-syntax/domain')];
  const isFirst = emails.findIndex((other) => normalMailbox(other) === normalMailbox(address)) === at;
  const lookAlikes = lookAlikeDomain(pointer, host, scripts);
  return isFirst ? lookAlikes : [...lookAlikes, violation(pointer, 'email-unique')];
}
