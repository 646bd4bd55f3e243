/** A card of a running service, with its keys: it signs statements and opens TLS sessions. */
import type { ProofBody } from '../../../src/updates/proof.js';
import type { Client, IssuedCertificate } from '../service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../service/csr.js';
import { IDENTITY, nextNumber, professional, tokenId } from '../service/orders.js';
import type { SharedService } from '../service/shared.js';
import { proofBy } from './statements.js';

export type CertifiedKey = { readonly key: HolderKey; readonly issued: IssuedCertificate };

export type ServiceCard = {
  readonly tokenId: string;
  /** The path of the card. */
  readonly path: string;
  readonly authentication: CertifiedKey;
  readonly signature: CertifiedKey;
};

/** A CPS with two certificates, issued by the card management system. */
export async function issueServiceCard(cards: Client): Promise<ServiceCard> {
  const number = nextNumber();
  const card = tokenId(number);
  const path = `/v1/cards/${encodeURIComponent(card)}`;
  const keys = [makeKey(), makeKey('p-384')] as const;
  const profiles = ['fort/cps-authentication', 'fort/cps-signature'];
  const body = {
    holder: professional(number),
    card: { tokenId: card, product: 'cps' },
    identity: IDENTITY,
    requests: keys.map((key, at) => ({ profile: profiles[at], csr: makeCsr(key) })),
  };
  const { certificates } = await cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>(
    'POST',
    `${path}/certificates`,
    { body },
  );
  const [authentication, signature] = certificates.map((issued, at) => ({ issued, key: keys[at === 0 ? 0 : 1] }));
  if (authentication === undefined || signature === undefined) throw new Error('a card has two certificates');
  return { tokenId: card, path, authentication, signature };
}

/** A client that presents a certificate of the card. */
export function clientOfKey(shared: Pick<SharedService, 'with'>, { key, issued }: CertifiedKey): Client {
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return shared.with({ certificate: issued.certificate, key: pem });
}

/** The members of every statement, for this card of this installation, now. */
export async function statementHead(client: Client, card: string) {
  const { keys } = await client.expect<{ readonly keys: readonly { readonly id: string }[] }>('GET', '/v1/keys');
  return {
    form: 'pfcng-card-statement-1',
    environment: 'development',
    platform: keys[0]?.id ?? '',
    card,
    at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

export function signedBy({ key, issued }: CertifiedKey, statement: object): ProofBody {
  return proofBy(key.privateKey, statement, issued.id);
}
