/**
 * What the tests of deltas and of partitions share: the programs that support them, and their
 * input.
 */
import type { Client, IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey, toPem } from '../../support/service/csr.js';
import { fetchBytes, ISSUING, type RelyingParty, ROOTS } from '../../support/service/files.js';
import { orderOf } from '../../support/service/orders.js';
import { BOUNCY_CASTLE } from '../paths/java.js';
import type { Evidence, Path, PathJudge } from '../paths/judge.js';
import { OPENSSL } from '../paths/openssl.js';

export const CA = 'aci-el-org';
const ROOT = 'acr-el';
export const JUDGES: readonly PathJudge[] = [OPENSSL, BOUNCY_CASTLE];
export const REVOKED = /certificate revoked|Certificate revocation after/;

const authorityIn = (party: RelyingParty) => (id: string) => ({ id, certificate: party.path(`${id}.pem`) });

export function evidenceOf(party: RelyingParty, paths: readonly Path[]): Evidence {
  const authority = authorityIn(party);
  const authorities = { roots: ROOTS.map(authority), issuing: ISSUING.map(authority) };
  return { folder: party.folder, authorities, paths, signed: [] };
}

export async function issue(
  cards: Client,
  party: RelyingParty,
  name: string,
): Promise<{ issued: IssuedCertificate; path: Path }> {
  const body = { ...orderOf('elementaire/org-auth-cli'), csr: makeCsr(makeKey()) };
  const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
  const [issuer, root] = [authorityIn(party)(CA), authorityIn(party)(ROOT)];
  const leaf = party.write(`${name}.pem`, issued.certificate);
  return { issued, path: { name, leaf, issuer, root, purpose: 'tls-client' } };
}

export async function fetchList(party: RelyingParty, address: string, name: string): Promise<string> {
  return party.write(name, toPem('X509 CRL', await fetchBytes(address)));
}
