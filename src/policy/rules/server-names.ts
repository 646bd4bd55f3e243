/**
 * Names of servers: fully qualified domain names in the preferred name syntax (RFC 5280 4.2.1.6,
 * RFC 1123 2.1), in lower case, without wildcard, that somebody can own; or an address or a
 * special-use domain that the environment lists.
 */
import { type Violation, violation } from '../../texts/text.js';
import { CEILINGS } from '../ceilings.js';
import { codeListOf } from '../code-lists.js';
import { isDomainName } from '../identifiers/domain-name.js';
import { standingOf } from '../identifiers/public-suffix.js';
import type { Environment, Policy } from '../model.js';
import { lookAlikeDomain } from './look-alikes.js';

export function serverNameViolations(names: readonly string[], policy: Policy): readonly Violation[] {
  if (names.length === 0) return [violation('/holder/names', 'server-name-required')];
  if (names.length > CEILINGS.serverNamesMax)
    return [violation('/holder/names', 'server-names-count', { max: CEILINGS.serverNamesMax })];
  return names.flatMap((name, at) => {
    const pointer = `/holder/names/${at}`;
    const repeated = names.indexOf(name) === at ? [] : [violation(pointer, 'server-name-unique')];
    return [...repeated, ...nameViolations(pointer, name, policy)];
  });
}

function nameViolations(pointer: string, name: string, policy: Policy): readonly Violation[] {
  const { environment } = policy;
  if (isAddressName(name, environment)) return [];
  if (name.includes('*')) return [violation(pointer, 'server-name-wildcard')];
  if (name !== name.toLowerCase()) return [violation(pointer, 'server-name-lower-case')];
  if (/^[0-9.]+$/.test(name) || name.includes(':')) return [violation(pointer, 'server-name-address')];
  if (!isDomainName(name)) return [violation(pointer, 'server-name-syntax')];
  if (name === LOCALHOST && environment.specialUseNames.includes(name)) return [];
  if (!name.includes('.')) return [violation(pointer, 'server-name-qualified')];
  return [...lookAlikeDomain(pointer, name, environment.nameScripts), ...ownerViolations(pointer, name, policy)];
}

/** A name of every machine (RFC 6761 6.3), which has one label only. */
const LOCALHOST = 'localhost';

/** A certificate says that somebody owns the name, which is not possible for each domain name. */
function ownerViolations(pointer: string, name: string, policy: Policy): readonly Violation[] {
  const reserved = codeListOf(policy, 'special-use-domains').codes.find(({ code }) => isIn(name, code));
  if (reserved !== undefined) {
    if (policy.environment.specialUseNames.includes(reserved.code)) return [];
    const { code: domain, label: standard } = reserved;
    return [violation(pointer, 'server-name-special-use', { domain, standard })];
  }
  const last = name.slice(name.lastIndexOf('.') + 1);
  switch (standingOf(name)) {
    case 'registrable':
      return [];
    case 'public-suffix':
      return [violation(pointer, 'server-name-public-suffix')];
    case 'no-public-suffix':
      return [violation(pointer, 'server-name-public', { domain: last })];
  }
}

function isIn(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** Whether the name is written as an iPAddress instead of a dNSName. */
export function isAddressName(name: string, { ipAddressNames }: Pick<Environment, 'ipAddressNames'>): boolean {
  return ipAddressNames.includes(name);
}
