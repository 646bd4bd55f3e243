/**
 * Reads the CAs of a home folder and their OCSP responders from the files of their certificates.
 */
import { existsSync } from 'node:fs';
import type { HomePaths } from '../config/paths.js';
import { readRegularFile } from '../config/regular-file.js';
import { present } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { errorMessage } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type DelegatedResponder, type OcspAuthority, readDelegatedResponder } from '../ocsp/responder.js';
import type { SignerFile } from '../operations/status/register-certificates.js';
import type { Issuers } from '../operations/world.js';
import { issuerIdOf } from '../policy/ids.js';
import type { Authority, Policy } from '../policy/model.js';
import type { IssuerId } from '../ports/signer.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import { isIssuedBy, readIssuer } from '../x509/certificate/issuer.js';
import { readLink } from '../x509/certificate/link.js';
import type { Issuer, LinkCertificate } from '../x509/model.js';
import type { Home } from './home.js';
import {
  approvedKeyFiles,
  authorityCertificateFile,
  generationsAtHome,
  linkCertificateFile,
  respondersAtHome,
} from './signers/plan.js';

export type HomeIssuers = Issuers & {
  /**
   * Returns the certificates, DER, of the delegated OCSP responders of an issuer. The certificate
   * of its first responder key comes first.
   */
  readonly responders: (id: IssuerId) => readonly Bytes[];
  /**
   * Returns every certificate of a responder in the home folder, also those of keys that are not
   * used yet.
   */
  readonly responderFiles: () => readonly SignerFile[];
};

/**
 * Reads the certificates of all generations of CAs that the home folder has. The error names the
 * certificate that cannot be used.
 */
export function readIssuers({ config, policy }: Home): Result<HomeIssuers, string> {
  const known = new Map<IssuerId, Issuer>();
  for (const authority of policy.authorities.values()) {
    for (const generation of generationsAtHome(policy, config.paths, authority.id)) {
      const id = issuerIdOf(authority.id, generation);
      const file = authorityCertificateFile(config.paths, id);
      const certificate = readCertificateFile(file);
      if (!certificate.ok) return certificate;
      const { hierarchy, kind } = authority;
      const issuer = readIssuer({
        id,
        authority: authority.id,
        generation,
        hierarchy,
        kind,
        certificate: certificate.value,
      });
      if (!issuer.ok) return err(`${file}: ${JSON.stringify(issuer.error)}`);
      known.set(id, issuer.value);
    }
  }
  const current = (authority: string): Issuer | null => {
    const generation = policy.authorities.get(authority)?.currentGeneration;
    return generation === undefined ? null : (known.get(issuerIdOf(authority, generation)) ?? null);
  };
  const links = readLinks(config.paths, [...known.values()]);
  if (!links.ok) return links;
  const chains = new Map([...known.values()].map((issuer) => [issuer.id, chainOf(issuer, known)]));
  return ok({
    current,
    byId: (id) => known.get(id) ?? null,
    all: () => [...known.values()],
    links: () => links.value,
    chain: (id) => present(chains.get(id), `certification authority ${id}`),
    responders: (id) => respondersAtHome(config.paths, id).map(({ file }) => new Uint8Array(readRegularFile(file))),
    responderFiles: () =>
      [...known.values()]
        .filter(({ kind }) => kind === 'issuing')
        .flatMap((issuer) =>
          approvedKeyFiles(config.paths, issuer.id).map((file) => {
            return { kind: 'responder', issuer, file, certificate: new Uint8Array(readRegularFile(file)) };
          }),
        ),
  });
}

/** Reads the link certificates that the home folder has. The error names the one that is wrong. */
function readLinks(paths: HomePaths, issuers: readonly Issuer[]): Result<readonly LinkCertificate[], string> {
  const links: LinkCertificate[] = [];
  for (const { file, root, issuer } of linksAtHome(paths, issuers)) {
    const certificate = readCertificateFile(file);
    if (!certificate.ok) return certificate;
    const link = readLink({ root, issuer, certificate: certificate.value });
    if (!link.ok) return err(`${file}: ${link.error.rule}`);
    links.push(link.value);
  }
  return ok(links);
}

type LinkAtHome = { readonly file: string; readonly root: Issuer; readonly issuer: Issuer };

/** Returns the files of link certificates between these generations that the home folder has. */
export function linksAtHome(paths: HomePaths, issuers: readonly Issuer[]): readonly LinkAtHome[] {
  const roots = issuers.filter(({ kind }) => kind === 'root');
  return roots.flatMap((root) =>
    roots
      .filter(({ id, authority }) => authority === root.authority && id !== root.id)
      .map((issuer) => ({ file: linkCertificateFile(paths, { subject: root.id, issuer: issuer.id }), root, issuer }))
      .filter(({ file }) => existsSync(file)),
  );
}

function readCertificateFile(file: string): Result<Bytes, string> {
  try {
    return ok(new Uint8Array(readRegularFile(file)));
  } catch (error) {
    return err(errorMessage(error));
  }
}

/**
 * Reads the delegated responders of each issuing CA. Roots have no responders: the status of the
 * certificates that they have signed is in CRLs only.
 */
export function readOcspAuthorities(
  issuers: HomeIssuers,
  policy: Pick<Policy, 'authorities'>,
): Result<readonly OcspAuthority[], string> {
  const authorities: OcspAuthority[] = [];
  for (const issuer of issuers.all()) {
    if (issuer.kind === 'root') continue;
    const read: DelegatedResponder[] = [];
    for (const certificate of issuers.responders(issuer.id)) {
      const responder = readDelegatedResponder(issuer, certificate);
      if (!responder.ok) return err(`an OCSP responder of ${issuer.id}: ${responder.error.rule}`);
      read.push(responder.value);
    }
    authorities.push(inOrder(issuer, read, policy.authorities.get(issuer.authority)?.ocspSigner ?? null));
  }
  return ok(authorities);
}

/**
 * Sorts the responders by the order of their key types in the policy. The first one is the default,
 * for clients without a preference. A responder whose key type the policy does not name is left
 * out, unless the policy names none of them.
 */
function inOrder(issuer: Issuer, read: readonly DelegatedResponder[], planned: Authority['ocspSigner']): OcspAuthority {
  const types = planned === null ? [] : [planned.keyType, ...(planned.others ?? [])];
  const named = types.flatMap((type) => read.filter(({ keyType }) => keyType === type));
  const [responder = null, ...others] = named.length > 0 ? named : read;
  return { issuer, responder, others };
}

/**
 * Returns the chain of a CA, DER: its own certificate, then, for an issuing CA, the certificate of
 * its root if the home folder has it. The root is the one that has issued the certificate, because
 * an older generation of the root may be in the folder too.
 */
function chainOf(issuer: Issuer, known: ReadonlyMap<IssuerId, Issuer>): readonly Bytes[] {
  if (issuer.kind === 'root') return [issuer.certificate];
  const read = readCertificate(issuer.certificate);
  const root = [...known.values()].find((one) => one.kind === 'root' && read.ok && isIssuedBy(one, read.value));
  return root === undefined ? [issuer.certificate] : [issuer.certificate, root.certificate];
}
