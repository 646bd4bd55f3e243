/**
 * Plans the tokens, their files, and which roles may call them, from the configuration, the policy
 * and the home folder.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  IssuerConfiguration,
  PinSource,
  SupervisorConfiguration,
  TokenConfiguration,
} from '../../../hsm/configuration.js';
import { tokenLabel } from '../../../hsm/token-label.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import type { Config } from '../../config/load.js';
import type { HomePaths } from '../../config/paths.js';
import { readRegularFile } from '../../config/regular-file.js';
import type { Replica } from '../../config/schema/pkcs11.js';
import { assert, present } from '../../kernel/assert.js';
import { cmpFileNames, cmpKeyLabel } from '../../policy/cmp-keys.js';
import { approvedKeyFileNames, issuerIdOf, linkFileName, responderFileName, responderLabel } from '../../policy/ids.js';
import { type Authority, HIERARCHIES, type Policy } from '../../policy/model.js';
import { policyDocument } from '../../policy/transfer.js';
import type { IssuerId } from '../../ports/signer.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import { KEY_TYPES, type KeyType, type LinkCertificate } from '../../x509/model.js';

/** Returns the socket of a token for one caller role, in a folder that only this role may enter. */
export function signerSocket(paths: HomePaths, role: CallerRole, token: string): string {
  return join(paths.signerSockets, token, role, 'socket');
}

function pinSource({ paths, pkcs11, credentials }: Config, token: string): PinSource {
  const { from } = pkcs11.pins.tokens[token] ?? pkcs11.pins.default;
  switch (from) {
    case 'file':
      return { from, file: join(paths.pins, `${token}.pin`) };
    case 'credential':
      return { from, folder: credentials };
    case 'officer':
      return { from, socket: join(paths.signerSockets, token, 'officer', 'unlock') };
  }
}

export function authorityCertificateFile(paths: HomePaths, issuer: IssuerId): string {
  return join(paths.authorities, `${issuer}.cer`);
}

/** Returns the file of the link certificate of `subject` that `issuer` has signed. */
export function linkCertificateFile(paths: HomePaths, link: Pick<LinkCertificate, 'subject' | 'issuer'>): string {
  return join(paths.authorities, linkFileName(link));
}

type ResponderAtHome = { readonly file: string; readonly label: string };

/**
 * Returns the first responder of an issuer, and its other responders whose certificates are in the
 * home folder.
 */
export function respondersAtHome(paths: HomePaths, issuer: IssuerId): readonly ResponderAtHome[] {
  const responder = (keyType: KeyType | null): ResponderAtHome => ({
    file: join(paths.authorities, responderFileName({ issuer, keyType })),
    label: responderLabel({ issuer, keyType }),
  });
  return [responder(null), ...KEY_TYPES.map(responder).filter(({ file }) => existsSync(file))];
}

/**
 * Returns the files with the public keys that the signer of the CA may certify by itself: those of
 * present responders, and those that later ceremonies approved (ops/decisions/0021). Deleting a
 * file withdraws the approval.
 */
export function approvedKeyFiles(paths: HomePaths, issuer: IssuerId): readonly string[] {
  const later = approvedKeyFileNames(issuer).map((name) => join(paths.authorities, name));
  return [...respondersAtHome(paths, issuer).map(({ file }) => file), ...later].filter((file) => existsSync(file));
}

/** Returns the certificates of an issuer's CMP signer that ceremonies have made, oldest first. */
export function cmpSignerFiles(paths: HomePaths, issuer: IssuerId): readonly string[] {
  return cmpFileNames(issuer)
    .map((name) => join(paths.authorities, name))
    .filter((file) => existsSync(file));
}

/**
 * Returns the generations of an authority whose certificates are in the home folder, oldest first.
 */
export function generationsAtHome(policy: Policy, paths: HomePaths, authority: string): readonly number[] {
  const newest = policy.authorities.get(authority)?.currentGeneration ?? 0;
  const known = Array.from({ length: newest }, (_, at) => at + 1);
  return known.filter((generation) => existsSync(authorityCertificateFile(paths, issuerIdOf(authority, generation))));
}

type Plan = { readonly config: Config; readonly policy: Policy };

export function planSigners({ config, policy }: Plan): SupervisorConfiguration {
  return {
    tokens: planTokens({ config, policy }).map((token) => ({
      ...token,
      issuers: issuersOf({ config, policy }, token),
    })),
    policy: policyDocument(policy),
    runDirectory: config.paths.signerSockets,
    environmentMark: policy.environment.mark,
    requestDeadlineMs: config.pkcs11.requestDeadlineMs,
  };
}

/**
 * The configuration of a token without its issuers, so that tokens can be planned while
 * certificates are missing.
 */
export type PlannedToken = Omit<TokenConfiguration, 'issuers'>;

/** Plans the tokens of all hierarchies, then their replicas, then the token of the platform. */
export function planTokens({ config, policy }: Plan): readonly PlannedToken[] {
  const originals = HIERARCHIES.flatMap((hierarchy): readonly PlannedToken[] => [
    { ...planToken(config, policy, { name: `ca-${hierarchy}`, kind: 'ca', roles: ['api', 'worker'] }), hierarchy },
    { ...planToken(config, policy, { name: `ocsp-${hierarchy}`, kind: 'ocsp', roles: ['responder'] }), hierarchy },
  ]);
  const replicas = originals.flatMap((token) =>
    replicasOf(config, token.name).map((one) => replicaToken({ config, policy }, token, one)),
  );
  return [
    ...originals,
    ...replicas,
    planToken(config, policy, { name: 'platform', kind: 'platform', roles: ['api', 'worker'] }),
  ];
}

/** Returns the sockets of all tokens that have the keys of this one, its own first. */
export function groupSockets(config: Config, role: CallerRole, token: string): readonly string[] {
  const names = [token, ...replicasOf(config, token).map(({ name }) => name)];
  return names.map((name) => signerSocket(config.paths, role, name));
}

function replicasOf({ pkcs11 }: Config, token: string): readonly Replica[] {
  return pkcs11.replicas[token] ?? [];
}

/**
 * Plans a replica, which has the keys and certificates of the original, but its own PIN, journal,
 * process and sockets.
 */
function replicaToken({ config, policy }: Plan, original: PlannedToken, replica: Replica): PlannedToken {
  const { name, label, module, environment } = replica;
  const { kind, tokenLabel: labelOfOriginal } = original;
  const roles = original.sockets.map(({ role }) => role);
  return {
    ...original,
    ...planToken(config, policy, { name, kind, roles }),
    replicaOf: original.name,
    ...(label === 'original' ? { tokenLabel: labelOfOriginal } : {}),
    ...(module === undefined ? {} : { modulePath: module }),
    ...(environment === undefined ? {} : { moduleEnvironment: environment }),
  };
}

type TokenToPlan = {
  readonly name: string;
  readonly kind: TokenConfiguration['kind'];
  readonly roles: readonly CallerRole[];
};

function planToken(
  config: Config,
  policy: Policy,
  { name, kind, roles }: TokenToPlan,
): Omit<TokenConfiguration, 'issuers'> {
  const { paths, pkcs11, socketGroups } = config;
  return {
    name,
    kind,
    tokenLabel: tokenLabel(policy.environment.mark, name),
    softhsmDirectory: join(paths.tokens, name),
    modulePath: pkcs11.module,
    moduleEnvironment: pkcs11.environment,
    pin: pinSource(config, name),
    journalFolder: join(paths.signers, name),
    ...(kind === 'ocsp' ? { journalDaysMax: pkcs11.ocspJournalDays } : {}),
    sockets: roles.map((role) => ({
      role,
      path: signerSocket(paths, role, name),
      ...(socketGroups === null ? {} : { groupId: socketGroups[role] }),
    })),
  };
}

function issuersOf(plan: Plan, { kind, hierarchy }: PlannedToken): TokenConfiguration['issuers'] {
  switch (kind) {
    case 'ca':
      return issuingOf(plan, hierarchy).map((one) => caKey(plan, one));
    case 'ocsp':
      return issuingOf(plan, hierarchy).flatMap((one) => responderKeys(plan, one));
    case 'platform':
      return [{ id: 'platform' as IssuerId, keyType: 'p-256', certificateFile: null }, ...cmpKeys(plan)];
  }
}

/**
 * Returns an entry for each certificate of a CMP key, with the label of the key and the certificate
 * of its CA.
 */
function cmpKeys(plan: Plan): readonly IssuerConfiguration[] {
  const { paths } = plan.config;
  return HIERARCHIES.flatMap((hierarchy) =>
    issuingOf(plan, hierarchy).flatMap(({ id }) =>
      cmpSignerFiles(paths, id).map((certificateFile) => ({
        id,
        label: cmpKeyLabel(hierarchy),
        keyType: 'p-256',
        certificateFile,
        authorityCertificateFile: authorityCertificateFile(paths, id),
      })),
    ),
  );
}

type IssuingGeneration = { readonly id: IssuerId; readonly authority: Authority };

function issuingOf({ config, policy }: Plan, hierarchy: string | undefined): readonly IssuingGeneration[] {
  return [...policy.authorities.values()]
    .filter((authority) => authority.hierarchy === hierarchy && authority.kind === 'issuing')
    .flatMap((authority) =>
      generationsAtHome(policy, config.paths, authority.id).map((generation) => ({
        id: issuerIdOf(authority.id, generation),
        authority,
      })),
    );
}

/**
 * Reads the key type from the certificate, because the key type in the policy is that of the next
 * generation, which can differ.
 */
function certifiedKeyType(file: string): KeyType {
  const read = readCertificate(new Uint8Array(readRegularFile(file)));
  assert(read.ok, `${file} is a certificate`);
  const key = readPublicKey(read.value.tbs.spki);
  return present(key.ok ? keyTypeOf(key.value) : null, `key type of ${file}`);
}

function caKey({ config: { paths } }: Plan, { id }: IssuingGeneration): IssuerConfiguration {
  const certificateFile = authorityCertificateFile(paths, id);
  const approvedResponderFiles = approvedKeyFiles(paths, id);
  return { id, keyType: certifiedKeyType(certificateFile), certificateFile, approvedResponderFiles };
}

function responderKeys(
  { config: { paths } }: Plan,
  { id, authority }: IssuingGeneration,
): readonly IssuerConfiguration[] {
  if (authority.ocspSigner === null) return [];
  return respondersAtHome(paths, id).map(({ file, label }) => ({
    id,
    label,
    keyType: certifiedKeyType(file),
    certificateFile: file,
    authorityCertificateFile: authorityCertificateFile(paths, id),
  }));
}
