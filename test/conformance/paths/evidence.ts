/**
 * What the programs get: a certificate of every profile for every key type that it allows, CRLs
 * from before and after the revocation of all of them, and a message signed with a key of each
 * type.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Client, IssuedCertificate } from '../../support/service/client.js';
import type { HolderKey } from '../../support/service/csr.js';
import { ISSUING, type RelyingParty, ROOTS, rootOf } from '../../support/service/files.js';
import { openssl } from '../../support/service/judges.js';
import { orderOf, PROFILES, type ProfileId } from '../../support/service/orders.js';
import { PROFILE_FACTS } from '../domain-facts.js';
import { createKeyMaker, requestOf } from './holder-keys.js';
import type { Authority, Evidence, Lists, Path, Purpose, SignedMessage } from './judge.js';

/** Its names are those that a test suite asks for. */
const DEVELOPMENT_ONLY = 'elementaire/cmp-suite';

/** The profiles that sign documents: the first one that allows a key type is used. */
const SIGNING_PROFILES: readonly ProfileId[] = ['fort/cps-signature', 'elementaire/org-sign'];

type Specimen = {
  readonly keyType: string;
  readonly key: HolderKey;
  readonly keyFile: string;
  readonly issued: IssuedCertificate;
  readonly path: Path;
};
export type Parties = { readonly cards: Client; readonly officer: Client; readonly party: RelyingParty };
export type EvidenceParts = {
  readonly evidence: Evidence;
  readonly keyTypes: ReadonlyMap<ProfileId, readonly string[]>;
  /** Publishes the present status; the relying party gets the CRLs under this name. */
  readonly publish: (name: string) => Promise<Lists>;
  readonly revokeAll: () => Promise<void>;
};

export async function gatherEvidence({ cards, officer, party }: Parties): Promise<EvidenceParts> {
  const keyTypes = await allowedKeyTypes(cards);
  const specimens = await issueAll(cards, party, keyTypes);
  const signers = new Map<string, Specimen>();
  for (const profile of SIGNING_PROFILES)
    for (const specimen of specimens.filter(({ issued }) => issued.profile === profile))
      if (!signers.has(specimen.keyType)) signers.set(specimen.keyType, specimen);
  const signed: SignedMessage[] = [];
  for (const specimen of signers.values()) signed.push(await signWith(specimen, party));
  const authority = authorityIn(party);
  const authorities = { roots: ROOTS.map(authority), issuing: ISSUING.map(authority) };
  return {
    evidence: { folder: party.folder, authorities, paths: specimens.map(({ path }) => path), signed },
    keyTypes,
    async publish(name) {
      for (const ca of ISSUING) await officer.expect('POST', `/v1/cas/${ca}/crl`);
      const files = new Map<string, string>();
      for (const ca of [...ROOTS, ...ISSUING]) {
        await party.fetchCrl(ca);
        files.set(ca, party.copy(`${ca}.crl.pem`, `${ca}.${name}.crl.pem`));
      }
      return { name, of: ({ id }) => files.get(id) ?? '' };
    },
    async revokeAll() {
      for (const { issued } of specimens)
        await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
    },
  };
}

const authorityIn =
  (party: RelyingParty) =>
  (id: string): Authority => ({ id, certificate: party.path(`${id}.pem`) });

/** The key types that the service reports, exceptions included. */
async function allowedKeyTypes(cards: Client): Promise<ReadonlyMap<ProfileId, readonly string[]>> {
  type ProfileList = { readonly profiles: readonly { readonly id: string; readonly keyTypes: readonly string[] }[] };
  const { profiles } = await cards.expect<ProfileList>('GET', '/v1/profiles');
  const judged = profiles.map(({ id }) => id).filter((id) => id !== DEVELOPMENT_ONLY);
  assert.deepEqual(judged.sort(), [...PROFILES].sort(), 'every profile is judged');
  return new Map(PROFILES.map((id) => [id, profiles.find((one) => one.id === id)?.keyTypes ?? []]));
}

async function issueAll(
  cards: Client,
  party: RelyingParty,
  keyTypes: EvidenceParts['keyTypes'],
): Promise<readonly Specimen[]> {
  const make = createKeyMaker();
  const specimens: Specimen[] = [];
  for (const [profile, types] of keyTypes) {
    for (const keyType of types) {
      const key = make(keyType);
      const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
      const keyFile = party.write(`${profile.replace('/', '-')}.${keyType}.key`, pem);
      const body = { ...orderOf(profile), csr: await requestOf(keyFile) };
      const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
      const [issuer, root] = [issued.ca, rootOf(issued.ca)].map(authorityIn(party));
      assert.ok(issuer && root);
      const leaf = party.write(`${issued.id}.pem`, issued.certificate);
      const path = { name: nameOf(profile, keyType), leaf, issuer, root, purpose: purposeOf(profile) };
      specimens.push({ keyType, key, keyFile, issued, path });
    }
  }
  return specimens;
}

export function nameOf(profile: string, keyType: string): string {
  return `${profile} ${keyType}`;
}

/** The extended key usages (RFC 5280 4.2.1.12) of the domain facts. */
function purposeOf(profile: ProfileId): Purpose {
  const { extendedKeyUsage = [], keyUsage = [] } = PROFILE_FACTS[profile] ?? {};
  if (extendedKeyUsage.includes('1.3.6.1.5.5.7.3.1')) return 'tls-server';
  if (extendedKeyUsage.includes('1.3.6.1.5.5.7.3.2')) return 'tls-client';
  assert.ok(extendedKeyUsage.includes('1.3.6.1.5.5.7.3.4'), profile);
  return keyUsage.every((usage) => usage === 'Key Encipherment') ? 'mail-encryption' : 'mail-signature';
}

const MESSAGE = 'Ordonnance du 25 novembre';

async function signWith({ keyType, key, keyFile, path }: Specimen, party: RelyingParty): Promise<SignedMessage> {
  const kind = key.privateKey.asymmetricKeyType;
  const message = party.write('message', MESSAGE);
  const cms = party.path(`${keyType}.p7m`);
  // RFC 8419 3.1: Ed25519 in CMS requires SHA-512.
  const made = await openssl(
    'cms',
    '-sign',
    '-binary',
    '-nodetach',
    '-md',
    kind === 'ed25519' ? 'sha512' : 'sha256',
    '-in',
    message,
    '-signer',
    path.leaf,
    '-inkey',
    keyFile,
    '-certfile',
    path.issuer.certificate,
    '-outform',
    'DER',
    '-out',
    cms,
  );
  assert.equal(made.status, 0, made.output);
  const signature = party.path(`${keyType}.signature`);
  writeFileSync(signature, sign(kind === 'ed25519' ? null : 'sha256', Buffer.from(MESSAGE), key.privateKey));
  const algorithm = kind === 'ed25519' ? 'Ed25519' : kind === 'rsa' ? 'SHA256withRSA' : 'SHA256withECDSA';
  return { name: keyType, path, cms, message, signature, algorithm };
}
