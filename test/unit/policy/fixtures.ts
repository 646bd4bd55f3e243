/**
 * Policies, keys, authorities and orders for the tests of `src/policy`: real certificates, signed
 * with keys in memory.
 */
import { type KeyObject, sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSampleKeyPair } from '../../../src/cli/policy/sample-key.js';
import { loadPolicy } from '../../../src/config/policy.js';
import { present } from '../../../src/kernel/assert.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { Instant } from '../../../src/kernel/clock.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { issuerIdOf } from '../../../src/policy/ids.js';
import { overridesFor, type PolicyOverrides } from '../../../src/policy/load/overrides.js';
import type { CertificateOrder, Policy, PolicyFault } from '../../../src/policy/model.js';
import { planAuthority } from '../../../src/policy/plan/authority-plan.js';
import { assembleCertificate, encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { hashFor, signatureAlgorithmFor } from '../../../src/x509/keys/algorithms.js';
import type { HolderKeyType, Issuer, KeyType } from '../../../src/x509/model.js';

export const POLICIES = join(packageRoot(), 'policies');
export const NOW: Instant = Date.UTC(2026, 2, 1, 10, 0, 0, 250);

/** The development policy, with P-256 authorities by default. */
export function testPolicy(overrides: PolicyOverrides = overridesFor({ authorityKeyType: 'p-256' })): Policy {
  const loaded = loadPolicy(POLICIES, 'development', overrides);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

/** A key type that the profile allows: confidentiality profiles allow RSA only. */
export function keyTypeFor(profile: string): KeyType {
  return profile.endsWith('/org-conf') ? 'rsa-3072' : 'p-256';
}

const keys = new Map<string, { readonly spki: Bytes; readonly privateKey: KeyObject }>();

/** One key per type and name, made once per test run. */
export function testKey(type: HolderKeyType, name = 'holder') {
  const known = keys.get(`${type}/${name}`);
  if (known !== undefined) return known;
  const { publicKey, privateKey } = makeSampleKeyPair(type);
  const made = { spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), privateKey };
  keys.set(`${type}/${name}`, made);
  return made;
}

/** A generation of an authority, certified by its root, which is made when needed. */
export function testIssuer(policy: Policy, id: string, generation = 1): Issuer {
  const authority = present(policy.authorities.get(id), id);
  const root = authority.kind === 'root' ? null : testIssuer(policy, authority.issuer);
  return certifiedIssuer(policy, { id, generation, root });
}

/** `root`: the generation of its root that certifies it; null: it is a root. */
export function certifiedIssuer(
  policy: Policy,
  { id, generation, root }: { readonly id: string; readonly generation: number; readonly root: Issuer | null },
): Issuer {
  const authority = present(policy.authorities.get(id), id);
  const { spki } = testKey(authority.keyType, `${id}-${generation}`);
  const signer = root === null ? { id, generation } : { id: root.authority, generation: root.generation };
  const keyType = root?.keyType ?? authority.keyType;
  const { privateKey } = testKey(keyType, `${signer.id}-${signer.generation}`);
  const plan = planAuthority(policy, id, { generation, spki, issuer: root, notBefore: NOW });
  const signatureAlgorithm = signatureAlgorithmFor(keyType);
  const tbs = encodeTbs({
    serial: Uint8Array.of(1, generation),
    signatureAlgorithm,
    issuerDer: root?.subjectDer ?? encodeName(plan.subject),
    validity: plan.validity,
    subject: plan.subject,
    spki,
    extensions: plan.extensions,
  });
  const signature = new Uint8Array(sign(hashFor(signatureAlgorithm), tbs, privateKey));
  const read = readIssuer({
    id: issuerIdOf(id, generation),
    authority: id,
    generation,
    hierarchy: authority.hierarchy,
    kind: authority.kind,
    certificate: assembleCertificate(tbs, signatureAlgorithm, signature),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const STRUCTURE = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' } as const;

/** A valid order for each profile that may be requested. */
export function orderFor(profile: string): CertificateOrder {
  const validity = { notBefore: null, notAfter: null };
  const none = { card: null, identity: null, keyOrigin: null, validity };
  const name = profile.split('/')[1] ?? '';
  switch (name) {
    case 'cps-authentication':
    case 'cps-signature':
      return {
        profile,
        holder: {
          kind: 'professional',
          idNat: '810002813839',
          givenName: 'Amélie',
          surname: "L'Hôpital",
          profession: '60',
          title: 'Infirmier',
        },
        card: { tokenId: '8025000001/2600301752', product: 'cps' },
        identity: { assurance: 'high', source: 'PSI', reference: 'psi-1', verifiedAt: '2026-03-01T10:00:00Z' },
        keyOrigin: 'card',
        validity,
      };
    case 'cpe-authentication':
    case 'cpe-signature':
    case 'cpa-authentication':
    case 'cpa-signature':
      return {
        ...none,
        profile,
        holder: {
          kind: 'staff',
          idNat: '30B0057881/CPET0002',
          givenName: 'Jean-Noël',
          surname: 'DURAND',
          title: 'Personnel santé ou social',
          structure: STRUCTURE,
        },
        card: { tokenId: '8025000001/2600301752', product: name.startsWith('cpa') ? 'cpa' : 'cpe' },
      };
    case 'org-auth-cli':
    case 'org-sign':
    case 'org-conf':
    case 'cmp-suite':
      return { ...none, profile, holder: { kind: 'organisation', application: 'INSI-MANU', structure: STRUCTURE } };
    case 'serv-smime': {
      const [domain, emails] = ['mail.example.org', ['contact@mail.example.org', 'a.b+c@urgences.mail.example.org']];
      return { ...none, profile, holder: { kind: 'server', names: [domain], emails, structure: STRUCTURE } };
    }
    default:
      return {
        ...none,
        profile,
        holder: { kind: 'server', names: ['lps.example.org', 'www.example.org'], structure: STRUCTURE },
      };
  }
}

/** A copy of the policy folder that tests may change; it is removed when the tests end. */
export function policyCopy(): {
  readonly directory: string;
  /** Changes the JSON of one file, or its text. */
  readonly change: (file: string, change: (body: Record<string, unknown>) => unknown) => void;
  readonly write: (file: string, text: string) => void;
  readonly load: (environment?: string) => readonly PolicyFault[];
  readonly remove: () => void;
} {
  const directory = mkdtempSync(join(tmpdir(), 'pfcng-policies-'));
  cpSync(POLICIES, directory, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  return {
    directory,
    write,
    change: (file, change) => {
      const body = JSON.parse(readFileSync(join(directory, file), 'utf8'));
      write(file, JSON.stringify(change(body) ?? body));
    },
    load: (environment = 'development') => {
      const loaded = loadPolicy(directory, environment);
      return loaded.ok ? [] : loaded.error;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
