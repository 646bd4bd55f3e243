/**
 * Every lint of zlint, with our rules that check the same, stricter rules that exclude its case in
 * certificates of this platform, or the reason why it does not apply. `pfcng lint list --zlint`
 * prints it. Tests compare it with zlint itself and with the findings of both for the same
 * certificates.
 */
import { COMMUNITY_LINTS } from './zlint-community.js';
import { MAIL_LINTS } from './zlint-mail.js';
import { type Lints, RFC_LINTS } from './zlint-rfc.js';
import { SERVERS_LINTS } from './zlint-servers.js';

/** The lints by the source that zlint names for them. */
export const ZLINT_SECTIONS: readonly { readonly title: string; readonly lints: readonly Lints[] }[] = [
  { title: 'RFC 5280, 3279, 5480, 5891, 8813', lints: RFC_LINTS },
  { title: 'Community, ETSI, Mozilla, Apple, extended validation', lints: COMMUNITY_LINTS },
  { title: 'CA/Browser Forum, web servers', lints: SERVERS_LINTS },
  { title: 'CA/Browser Forum, S/MIME', lints: MAIL_LINTS },
];

export const ZLINT_LINTS: readonly Lints[] = ZLINT_SECTIONS.flatMap(({ lints }) => lints);
