/**
 * A mailbox whose local part is the Dot-string of RFC 5321 4.1.2. Quoted local parts are rejected,
 * because few readers handle them correctly.
 */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/**
 * RFC 5321 4.5.3.1.1 and 4.5.3.1.3: lengths of the local part, and of a path without its angle
 * brackets.
 */
const LOCAL_PART_CHARACTERS_MAX = 64;
const ADDRESS_CHARACTERS_MAX = 254;

type Mailbox = {
  readonly local: string;
  /** In lower case; what follows the at sign, which need not be the name of a domain. */
  readonly domain: string;
};

/** null: it has no local part that a certificate may have. */
export function mailboxOf(address: string): Mailbox | null {
  const sign = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(0, sign));
  if (address.length > ADDRESS_CHARACTERS_MAX || local.length > LOCAL_PART_CHARACTERS_MAX || !LOCAL_PART.test(local))
    return null;
  return { local, domain: address.slice(sign + 1).toLowerCase() };
}

/**
 * The address as certificates have it, with its domain in lower case: two addresses are the same
 * when their local parts are equal and their domains are equal without regard to case (RFC 5280
 * 7.5). The local part is kept, because only its own server knows whether case matters there (RFC
 * 5321 2.4). An address that is no mailbox is returned as it is.
 */
export function normalMailbox(address: string): string {
  const mailbox = mailboxOf(address);
  return mailbox === null ? address : `${mailbox.local}@${mailbox.domain}`;
}
