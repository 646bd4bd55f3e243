/**
 * Checks the certificates of the CAs, of their OCSP responders and of their CMP signers, and the
 * CRLs of the roots.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCmpSignerCertificate } from '../../cmp/signer-certificate.js';
import { ABSENT, tryReadRegularFile } from '../../config/regular-file.js';
import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { err, type Result } from '../../kernel/result.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import { cmpFileNames } from '../../policy/cmp-keys.js';
import { issuerIdOf } from '../../policy/ids.js';
import type { Authority, HierarchyId, Policy } from '../../policy/model.js';
import { cmpProfileOf } from '../../policy/plan/plan.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import type { IssuerId } from '../../ports/signer.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { isIssuedBy, readIssuer } from '../../x509/certificate/issuer.js';
import { readLink } from '../../x509/certificate/link.js';
import type { Issuer } from '../../x509/model.js';
import type { Home } from '../home.js';
import { linksAtHome } from '../issuers.js';
import { approvedKeyFiles, authorityCertificateFile, cmpSignerFiles, respondersAtHome } from '../signers/plan.js';
import { EVERY_ROLE, homeCheck, type Requirement, type StartFault } from './requirement.js';

type Generation = { readonly id: IssuerId; readonly authority: Authority; readonly generation: number };

/** Returns every generation of every CA of the policy, up to the current one, roots first. */
export function generationsOf({ authorities }: Policy): readonly Generation[] {
  const all = [...authorities.values()].flatMap((authority) =>
    Array.from({ length: authority.currentGeneration }, (_, at) => {
      const generation = at + 1;
      return { id: issuerIdOf(authority.id, generation), authority, generation };
    }),
  );
  return [...all.filter(isRoot), ...all.filter((one) => !isRoot(one))];
}

function isRoot({ authority }: Generation): boolean {
  return authority.kind === 'root';
}

function fromCeremony(hierarchy: HierarchyId, step: string): Bilingual {
  const name = hierarchy.toUpperCase();
  return {
    fr:
      `étape ${step} de la cérémonie de ${name} (pfcng ceremony perform PLAN) ; si elle a eu lieu, remettre le fichier ` +
      'depuis le dossier de la cérémonie ou une sauvegarde',
    en:
      `step ${step} of the ceremony of ${name} (pfcng ceremony perform PLAN); if it was held, copy the file from the ` +
      'folder of the ceremony or a backup',
  };
}

export const authorities: Requirement<'authorities'> = {
  name: 'authorities',
  question: 'Is there a valid certificate of each CA of the policy?',
  roles: EVERY_ROLE,
  find: homeCheck((home) => {
    const read = generationsOf(home.policy).map((one) => ({ one, issuer: readGeneration(home, one) }));
    const roots = read.flatMap(({ issuer }) => (issuer.ok && issuer.value.kind === 'root' ? [issuer.value] : []));
    const certificates = read.flatMap(({ one, issuer }): readonly StartFault[] => {
      const fault = issuer.ok ? parentFault(issuer.value, one.authority, roots) : issuer.error;
      if (fault === null) return [];
      const { commonName, hierarchy, kind } = one.authority;
      const purpose = {
        fr: `certificat de l'AC ${one.id} (${commonName})`,
        en: `certificate of the CA ${one.id} (${commonName})`,
      };
      const remedy = fromCeremony(hierarchy, kind === 'root' ? 'create-root' : 'create-issuing-authority');
      return [{ location: authorityCertificateFile(home.config.paths, one.id), fault, purpose, remedy }];
    });
    return [...certificates, ...linkFaults(home, roots)];
  }),
};

/** A start needs no link certificate, but one that is there must be the right one. */
function linkFaults({ config }: Home, roots: readonly Issuer[]): readonly StartFault[] {
  return linksAtHome(config.paths, roots).flatMap(({ file: location, root, issuer }) => {
    const certificate = tryReadRegularFile(location);
    const link = certificate.ok ? readLink({ root, issuer, certificate: certificate.value }) : certificate;
    if (link.ok) return [];
    const fault = 'rule' in link.error ? notALink(link.error.rule) : link.error;
    const purpose = {
      fr: `certificat de lien : ${root.id} signé par ${issuer.id}`,
      en: `link certificate: ${root.id} signed by ${issuer.id}`,
    };
    return [{ location, fault, purpose, remedy: fromCeremony(root.hierarchy, 'create-link-certificate') }];
  });
}

function notALink(rule: string): Bilingual {
  return { fr: `ce n'est pas ce certificat de lien (${rule})`, en: `it is not this link certificate (${rule})` };
}

function readGeneration({ config }: Home, { id, authority, generation }: Generation): Result<Issuer, Bilingual> {
  const certificate = tryReadRegularFile(authorityCertificateFile(config.paths, id));
  if (!certificate.ok) return certificate;
  const { hierarchy, kind } = authority;
  const facts = { id, authority: authority.id, generation, hierarchy, kind, certificate: certificate.value };
  const issuer = readIssuer(facts);
  if (issuer.ok) return issuer;
  const { rule } = issuer.error;
  return err({ fr: `ce n'est pas un certificat d'AC (${rule})`, en: `it is not a certificate of a CA (${rule})` });
}

/**
 * Says that no generation of the root has issued the certificate of this CA; null: one has, or this
 * CA is a root itself, or the certificate of its root cannot be read, which is reported for the
 * root.
 */
function parentFault({ kind, certificate }: Issuer, { issuer }: Authority, roots: readonly Issuer[]): Bilingual | null {
  const parents = roots.filter(({ authority }) => authority === issuer);
  if (kind === 'root' || parents.length === 0) return null;
  const view = readCertificate(certificate);
  if (view.ok && parents.some((parent) => isIssuedBy(parent, view.value))) return null;
  return { fr: `il n'est pas signé par ${issuer}`, en: `it was not signed by ${issuer}` };
}

export const responders: Requirement<'responders'> = {
  name: 'responders',
  question: 'Is there a certificate of an OCSP responder of each issuing CA?',
  roles: EVERY_ROLE,
  find: homeCheck((home) =>
    generationsOf(home.policy)
      .filter((one) => !isRoot(one))
      .flatMap((one) => {
        const files = respondersAtHome(home.config.paths, one.id).map(({ file }) => file);
        const needed = present(files[0], 'the first responder of a CA');
        const issuer = readGeneration(home, one);
        return [...new Set([needed, ...approvedKeyFiles(home.config.paths, one.id)])].flatMap((location) => {
          const fault = responderFault(location, issuer.ok ? issuer.value : null);
          if (fault === null) return [];
          const purpose = {
            fr: `certificat d'un répondeur OCSP de ${one.id}`,
            en: `certificate of an OCSP responder of ${one.id}`,
          };
          const step = files.includes(location) ? 'create-ocsp-signer' : 'approve-ocsp-keys';
          return [{ location, fault, purpose, remedy: fromCeremony(one.authority.hierarchy, step) }];
        });
      }),
  ),
};

/**
 * A missing certificate is reported and does not stop the start, because only CMP uses it. A
 * certificate that cannot be used stops the start.
 */
export const cmpSigners: Requirement<'cmp-signers'> = {
  name: 'cmp-signers',
  question: 'Is there a certificate of the CMP signer of each CA that has one in the policy?',
  roles: ['api'],
  find: homeCheck((home) =>
    generationsOf(home.policy)
      .filter(({ authority, generation }) => generation === authority.currentGeneration)
      .filter(({ authority }) => cmpProfileOf(home.policy, authority.id) !== null)
      .flatMap((one): readonly StartFault[] => {
        const { paths } = home.config;
        const issuer = readGeneration(home, one);
        const purpose = {
          fr: `certificat du signataire CMP de ${one.id}`,
          en: `certificate of the CMP signer of ${one.id}`,
        };
        const remedy = fromCeremony(one.authority.hierarchy, 'create-cmp-signer');
        const files = cmpSignerFiles(paths, one.id);
        if (files.length === 0) {
          const location = join(paths.authorities, present(cmpFileNames(one.id)[0], 'the name of a first file'));
          return [{ location, fault: ABSENT, purpose, remedy, stopsStart: false }];
        }
        return files.flatMap((location) => {
          const fault = issuer.ok ? cmpSignerFault(location, issuer.value) : null;
          return fault === null ? [] : [{ location, fault, purpose, remedy }];
        });
      }),
  ),
};

function cmpSignerFault(file: string, issuer: Issuer): Bilingual | null {
  const certificate = tryReadRegularFile(file);
  if (!certificate.ok) return certificate.error;
  const read = readCmpSignerCertificate(issuer, certificate.value);
  if (read.ok) return null;
  const { rule } = read.error;
  return {
    fr: `ce n'est pas un certificat de signataire CMP de cette AC (${rule})`,
    en: `it is not a certificate of a CMP signer of this CA (${rule})`,
  };
}

/**
 * Says why the file is not a certificate of a responder of the CA; null: it is one, or this cannot
 * be checked. `issuer`: null if the certificate of the CA itself cannot be read.
 */
function responderFault(file: string, issuer: Issuer | null): Bilingual | null {
  const certificate = tryReadRegularFile(file);
  if (!certificate.ok) return certificate.error;
  const read = issuer === null ? null : readDelegatedResponder(issuer, certificate.value);
  if (read === null || read.ok) return null;
  const { rule } = read.error;
  return {
    fr: `ce n'est pas un certificat de répondeur de cette AC (${rule})`,
    en: `it is not a certificate of a responder of this CA (${rule})`,
  };
}

/**
 * The service makes the CRLs of issuing CAs itself. The CRLs of roots say which issuing CAs are
 * revoked, and only ceremonies make them.
 */
export const rootCrls: Requirement<'root-crls'> = {
  name: 'root-crls',
  question: 'Is there a CRL of each root?',
  roles: ['worker'],
  find: homeCheck(({ config, policy }) =>
    generationsOf(policy)
      .filter(isRoot)
      .flatMap(({ id, authority }): readonly StartFault[] => {
        const location = join(config.paths.crl, crlFileName(id));
        if (existsSync(location)) return [];
        const purpose = {
          fr: `LCR de l'AC racine ${id} : AC émettrices révoquées`,
          en: `CRL of the root ${id}: which issuing CAs are revoked`,
        };
        return [{ location, fault: ABSENT, purpose, remedy: fromCeremony(authority.hierarchy, 'sign-crl') }];
      }),
  ),
};
