/** One certificate of each profile as the field has them: RSA-2048 holder keys, real-looking holders. */
import type { Client, Issued } from '../support/service-client.js';
import { makeCsr, makeKey } from '../support/service-csr.js';
import { type Body, bodyOf, PROFILES } from '../support/service-orders.js';

export type Specimen = { readonly issued: Issued; readonly order: Body };

export async function issueLikeTheField(cards: Client): Promise<readonly Specimen[]> {
  const specimens: Specimen[] = [];
  for (const profile of PROFILES) {
    const order = bodyOf(profile, makeCsr(makeKey('rsa-2048')));
    const issued = await cards.expect<Issued>('POST', '/v1/certificates', { body: order });
    specimens.push({ issued, order });
  }
  return specimens;
}
