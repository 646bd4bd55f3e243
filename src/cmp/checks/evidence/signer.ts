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
import type { Issuer } from '../../../x509/model.js';
import { uninterrupted } from '../interruption.js';
import type { CheckWorld } from '../world.js';
import type { ProtectionCertificate } from './certificate.js';

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

/**
 * null: neither a CA of the platform nor an access CA has issued the certificate, or the database
 * does not have it.
 */
export async function findSigner(
  world: SignerWorld,
  certificate: ProtectionCertificate,
  now: Instant,
): Promise<Signer | null> {
  if (typeof certificate === 'string') return null;
  const { issuers, access } = world;
  const { der, tbs } = certificate.view;
  const issuing = issuers.all().filter(({ kind }) => kind === 'issuing');
  const authorities = issuing.map(({ authority }) => authority);
  const known = world.verifiedClients(der, () => identifyClient(issuers, { authorities, access }, der));
  if (known === null) return null;
  const state = uninterrupted(await world.store.groupedRead(CLIENT_STATES, known));
  if (known.kind === 'platform' && state.status === null) return null;
  const evidence: CertificateEvidence = {
    tbs,
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
  const chain = issuing.filter((one) => above.some((der) => equalBytes(der, one.certificate)));
  return { known, state, chain, evidence };
}
