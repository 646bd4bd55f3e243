/** The current CRL of the CA (RFC 9810 5.3.19.6). */
import { aboutOf, answered, withoutValue } from './info-type.js';
import { findList, octetsOf } from './lists.js';
import { INFO } from './oids.js';

export const currentCrl = withoutValue({ name: 'currentCRL', oid: INFO.currentCRL }, async (context) => {
  const about = aboutOf(context, 'currentCRL');
  if (!about.ok) return about;
  const named = { issuer: about.value.issuer.id, scope: 'full' } as const;
  const found = octetsOf(context, [{ ...named, list: await findList(context, named) }]);
  return found.ok ? answered(INFO.currentCRL, found.value[0] ?? null) : found;
});
