/** One certificate of each profile as the field has them: RSA-2048 holder keys, and the holders of the domain's examples. */
import type { Client, Issued } from '../support/service-client.js';
import { makeCsr, makeKey } from '../support/service-csr.js';
import { type Body, IDENTITY, PROFILES, type ProfileId } from '../support/service-orders.js';
import { EXAMPLE_CARDS, EXAMPLE_HOLDERS } from './domain-facts.js';

export type Specimen = { readonly issued: Issued; readonly order: Body };

function exampleOrder(profile: ProfileId): Body {
  switch (profile) {
    case 'fort/cps-authentication':
    case 'fort/cps-signature':
      return { profile, holder: EXAMPLE_HOLDERS.professional, card: EXAMPLE_CARDS.cps, identity: IDENTITY };
    case 'elementaire/org-auth-cli':
      return { profile, holder: EXAMPLE_HOLDERS.organisation };
    case 'elementaire/serv-ssl':
      return { profile, holder: EXAMPLE_HOLDERS.server };
    default:
      return { profile, holder: EXAMPLE_HOLDERS.staff, card: EXAMPLE_CARDS.cpe };
  }
}

export async function issueLikeTheField(cards: Client): Promise<readonly Specimen[]> {
  const specimens: Specimen[] = [];
  for (const profile of PROFILES) {
    const order = exampleOrder(profile);
    const body = { ...order, csr: makeCsr(makeKey('rsa-2048')) };
    const issued = await cards.expect<Issued>('POST', '/v1/certificates', { body });
    specimens.push({ issued, order });
  }
  return specimens;
}
