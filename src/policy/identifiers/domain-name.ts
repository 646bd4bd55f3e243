import { decodePunycode } from '../../x509/punycode.js';
import { CEILINGS } from '../ceilings.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** IDNA2008 allows letters, their marks, digits and hyphens, and no symbols (RFC 5892 2.8). */
const SHOWN = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * A name in the preferred name syntax (RFC 1034 3.5, RFC 1123 2.1), in lower case. Only A-labels
 * have hyphens as third and fourth characters, and they must decode (RFC 5890 2.3.1, 2.3.2.1). A
 * last label of digits alone would make it an address.
 */
export function isDomainName(name: string): boolean {
  const labels = name.split('.');
  if (name.length > CEILINGS.serverNameCharactersMax || !labels.every((label) => LABEL.test(label))) return false;
  if (/^[0-9]+$/.test(labels.at(-1) ?? '')) return false;
  if (labels.some((label) => label.slice(2, 4) === '--' && !label.startsWith('xn--'))) return false;
  // Newer versions of Node decode A-labels only beside a label that is not ASCII.
  const url = `http://é.${name}/`;
  return URL.canParse(url) && new URL(url).hostname === `xn--9ca.${name}` && SHOWN.test(shownDomain(name));
}

/** As people see it: with the letters that its A-labels stand for. */
export function shownDomain(name: string): string {
  const shown = (label: string): string =>
    (label.startsWith('xn--') ? decodePunycode(label.slice('xn--'.length)) : null) ?? label;
  return name.split('.').map(shown).join('.');
}
