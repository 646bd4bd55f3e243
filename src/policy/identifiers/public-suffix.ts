import { parse } from 'tldts';

/**
 * Where a domain name stands in the ICANN section of the public suffix list: registries alone own a
 * public suffix (`fr`, `gouv.fr`); what does not end in one is in no top-level domain of the public
 * DNS (`serveur.hopital`). The section of private suffixes (`github.io`) is not used: their owners
 * may have certificates for them.
 */
export function standingOf(name: string): 'registrable' | 'public-suffix' | 'no-public-suffix' {
  const options = { extractHostname: false, validateHostname: false, allowPrivateDomains: false };
  const { publicSuffix, isIcann } = parse(name, options);
  if (isIcann !== true) return 'no-public-suffix';
  return publicSuffix === name ? 'public-suffix' : 'registrable';
}
