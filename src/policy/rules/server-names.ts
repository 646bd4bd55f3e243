/**
 * Names of servers: fully qualified domain names in the preferred name syntax (RFC 5280 4.2.1.6,
 * RFC 1123 2.1), in lower case, without wildcard; or an address that the environment lists.
 */
import { CEILINGS } from '../ceilings.js';
import { isDomainName } from '../identifiers/domain-name.js';
import type { Environment, Violation } from '../model.js';
import { violation } from './rule.js';

export function serverNameViolations(names: readonly string[], environment: Environment): readonly Violation[] {
  if (names.length === 0) return [violation('/holder/names', 'server-name-required', 'has no name')];
  if (names.length > CEILINGS.serverNamesMax)
    return [violation('/holder/names', 'server-names-count', `has more than ${CEILINGS.serverNamesMax} names`)];
  return names.flatMap((name, at) => {
    const pointer = `/holder/names/${at}`;
    const repeated = names.indexOf(name) === at ? [] : [violation(pointer, 'server-name-unique', 'is a duplicate')];
    return [...repeated, ...nameViolations(pointer, name, environment)];
  });
}

function nameViolations(pointer: string, name: string, environment: Environment): readonly Violation[] {
  if (isAddressName(name, environment)) return [];
  if (name.includes('*')) return [violation(pointer, 'server-name-wildcard', 'has a wildcard')];
  if (name !== name.toLowerCase()) return [violation(pointer, 'server-name-lower-case', 'is not in lower case')];
  if (/^[0-9.]+$/.test(name) || name.includes(':'))
    return [violation(pointer, 'server-name-address', 'is an address: certificates name servers')];
  if (!isDomainName(name)) return [violation(pointer, 'server-name-syntax', 'is not a domain name')];
  if (!name.includes('.') && !isLocalhost(name, environment))
    return [violation(pointer, 'server-name-qualified', 'is not fully qualified')];
  return [];
}

/** Whether the name is written as an iPAddress instead of a dNSName. */
export function isAddressName(name: string, { ipAddressNames }: Pick<Environment, 'ipAddressNames'>): boolean {
  return ipAddressNames.includes(name);
}

/** `localhost` names every machine (RFC 6761 6.3). It is allowed for the development server. */
function isLocalhost(name: string, { mark }: Environment): boolean {
  return name === 'localhost' && mark === 'development';
}
