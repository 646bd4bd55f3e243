/** The CA that issued the protection certificate, and what the database says of it now. */
import type { CertificateEvidence } from '../../../access/certificate-checks.js';
import {
  CLIENT_STATES,
  type ClientState,
  identifyClient,
  type KnownClient,
} from '../../../access/client-certificate.js';
import { equalBytes } from '../../../kernel/bytes.js';
import type { Instant } from '../../../kernel/clock.js';
import type { CertificateView, Issuer } from '../../../x509/model.js';
import { uninterrupted } from '../interruption.js';
import type { CheckWorld } from '../world.js';

export type Signer = {
  readonly known: KnownClient;
  readonly state: ClientState;
  /** The CAs between the certificate and its root. */
  readonly chain: readonly Issuer[];
  readonly evidence: CertificateEvidence;
};

type SignerWorld = Pick<CheckWorld, 'issuers' | 'access' | 'store' | 'blockedKeys' | 'verifiedClients'>;

/** Pending certificates pass here: check B12 refuses them with a failInfo of its own. */
const STATES = ['issued', 'pending'] as const;

/** null: neither a CA of the platform nor an access CA has issued the certificate. */
export function identifySigner(
  { issuers, access, verifiedClients }: Pick<SignerWorld, 'issuers' | 'access' | 'verifiedClients'>,
  { der }: CertificateView,
): KnownClient | null {
  const authorities = issuingOf(issuers).map(({ authority }) => authority);
  return verifiedClients(der, () => identifyClient(issuers, { authorities, access }, der));
}

function issuingOf(issuers: SignerWorld['issuers']): readonly Issuer[] {
  return issuers.all().filter(({ kind }) => kind === 'issuing');
}

/** null: the database does not have the certificate. */
export async function findSigner(world: SignerWorld, known: KnownClient, now: Instant): Promise<Signer | null> {
  const { issuers } = world;
  const state = uninterrupted(await world.store.groupedRead(CLIENT_STATES, known));
  if (known.kind === 'platform' && state.status === null) return null;
  const evidence: CertificateEvidence = {
    tbs: known.view.tbs,
    kind: known.kind,
    status: state.status,
    states: STATES,
    mustAuthenticateClients: false,
    issuer: known.issuer,
    issuerIsRevoked: state.issuerIsRevoked,
    isAsRecorded: known.kind === 'break-glass' || state.recorded !== null,
    // The key may have been added to a file of blocked keys after it was certified.
    keyIsCompromised: state.keyIsCompromised || world.blockedKeys.has(known.spkiSha256),
    now,
  };
  const above = known.kind === 'platform' ? issuers.chain(known.issuer.id) : [];
  const chain = issuingOf(issuers).filter((one) => above.some((der) => equalBytes(der, one.certificate)));
  return { known, state, chain, evidence };
}
