/** One certificate of each profile, with RSA-2048 holder keys and the example holders. */
import type { Client, IssuedCertificate } from '../support/service/client.js';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { type Body, IDENTITY, PROFILES, type ProfileId } from '../support/service/orders.js';
import { EXAMPLE_CARDS, EXAMPLE_HOLDERS, exampleHolderOf } from './example-holders.js';

export type Specimen = { readonly issued: IssuedCertificate; readonly order: Body };

function exampleOrder(profile: ProfileId): Body {
  const whose = exampleHolderOf(profile);
  const holder = EXAMPLE_HOLDERS[whose];
  switch (whose) {
    case 'professional':
      return { profile, holder, card: EXAMPLE_CARDS.cps, identity: IDENTITY };
    case 'staff':
      return { profile, holder, card: EXAMPLE_CARDS.cpe };
    case 'authorised':
      return { profile, holder, card: EXAMPLE_CARDS.cpa };
    default:
      return { profile, holder };
  }
}

export async function issueLikeTheField(cards: Client): Promise<readonly Specimen[]> {
  const specimens: Specimen[] = [];
  for (const profile of PROFILES) {
    const order = exampleOrder(profile);
    const body = { ...order, csr: makeCsr(makeKey('rsa-2048')) };
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    specimens.push({ issued, order });
  }
  return specimens;
}
