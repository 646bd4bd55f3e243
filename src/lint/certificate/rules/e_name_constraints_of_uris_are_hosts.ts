/**
 * "For URIs, the constraint applies to the host part of the name. The constraint MUST be specified
 * as a fully qualified domain name and MAY specify a host or a domain."
 */
import { isFullHost } from '../../reading/alternative-names.js';
import { FORM } from '../../reading/constraint-readers.js';
import { wrongSubtree } from '../../reading/subtrees.js';
import type { AnySubject, Rule } from '../../rule.js';

/** A name that begins with a period is a domain. */
function isHostOrDomain(constraint: string): boolean {
  return isFullHost(constraint.replace(/^\./, ''));
}

export const e_name_constraints_of_uris_are_hosts: Rule<AnySubject> = {
  name: 'e_name_constraints_of_uris_are_hosts',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    wrongSubtree(extensions, ({ form, text }) => form === FORM.uri && !isHostOrDomain(text ?? '')),
};
