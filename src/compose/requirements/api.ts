/** Checks what the API needs: TLS certificate, CAs of break-glass officers, blocked keys. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OID } from '../../asn1/oids.js';
import { blockedKeyFiles, readBlockedKeys } from '../../config/blocked-keys.js';
import type { Config } from '../../config/load.js';
import { secretFileFault } from '../../config/password-file.js';
import { tryReadRegularFile } from '../../config/regular-file.js';
import type { TlsConfig } from '../../config/schema/listen.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { equalBytes, latin1 } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import type { Policy } from '../../policy/model.js';
import { extensionOf, readCertificate } from '../../x509/certificate/certificate-reader.js';
import { isIssuedBy } from '../../x509/certificate/issuer.js';
import { readExtendedKeyUsage } from '../../x509/extensions/extended-key-usage.js';
import type { CertificateView } from '../../x509/model.js';
import { decodePemBlocks } from '../../x509/pem.js';
import { readAccessAuthorities } from '../access.js';
import { readIssuers } from '../issuers.js';
import { systemClock } from '../world.js';
import { generationsOf } from './authorities.js';
import {
  configurationCheck,
  homeCheck,
  type Requirement,
  type StartFault,
  secretFault,
  WRITING_ROLES,
} from './requirement.js';

/** Returns the paths of the API's certificate chain and key. */
export function apiTlsFiles({ tls, paths: { credentials } }: Pick<Config, 'tls' | 'paths'>): TlsConfig {
  return tls ?? { certificate: join(credentials, 'server.crt.pem'), key: join(credentials, 'server.key.pem') };
}

export const apiCertificate: Requirement<'api-certificate'> = {
  name: 'api-certificate',
  question: 'Are there a TLS certificate of the API and its key, and are they usable?',
  roles: ['api', 'console'],
  find: configurationCheck((config, policy, roles) => {
    const { certificate, key } = apiTlsFiles(config);
    // In development, a process with the role `api` makes both, when one of them is missing.
    const isDevelopment = config.tls === undefined && config.environment === 'development';
    const missing = isDevelopment ? [certificate, key].filter((file) => !existsSync(file)) : [];
    if (missing.length > 0) return roles.has('api') ? [] : missing.map(notMadeYet);
    const server = readServerCertificate(certificate);
    const own = readServerKey(key);
    const purposes = { certificate: CERTIFICATE_PURPOSE, key: KEY_PURPOSE };
    const faults: StartFault[] = [];
    const add = (what: 'certificate' | 'key', fault: Bilingual | null) => {
      const location = what === 'certificate' ? certificate : key;
      const remedy = what === 'certificate' ? certificateRemedy(location) : keyRemedy(location);
      if (fault !== null) faults.push({ location, fault, purpose: purposes[what], remedy });
    };
    if ('fault' in server) add('certificate', server.fault);
    else {
      for (const fault of certificateFaults(server.view, { config, policy })) add('certificate', fault);
      const period = periodFault(server.view);
      const remedy = certificateRemedy(certificate);
      if (period !== null)
        faults.push({ location: certificate, fault: period, purpose: CERTIFICATE_PURPOSE, remedy, stopsStart: false });
    }
    if ('fault' in own) add('key', own.fault);
    else add('key', secretFault(secretFileFault(key)));
    if ('view' in server && 'key' in own && !isKeyOf(own.key, server.view)) add('key', MISMATCH);
    return faults;
  }),
};

/** `location`: a file in development that a process with the role `console` alone does not make. */
function notMadeYet(location: string): StartFault {
  return {
    location,
    fault: { fr: 'fichier absent', en: 'the file is missing' },
    purpose: {
      fr: "certificat TLS du serveur de l'API et sa clé",
      en: 'TLS certificate of the API server and its key',
    },
    remedy: {
      fr: "démarrer d'abord un processus avec le rôle api (npm start) : il fait les deux",
      en: 'start a process with the role api first (npm start): it makes both',
    },
  };
}

const CERTIFICATE_PURPOSE: Bilingual = {
  fr: "certificat TLS du serveur de l'API, suivi de sa chaîne",
  en: 'TLS certificate of the API server, followed by its chain',
};
const KEY_PURPOSE: Bilingual = {
  fr: "clé privée du serveur de l'API",
  en: 'private key of the API server',
};
const MISMATCH: Bilingual = {
  fr: "la clé n'est pas celle du certificat",
  en: 'it is not the key of the certificate',
};

function certificateRemedy(location: string): Bilingual {
  return {
    fr:
      "étape create-founding-certificate (profil elementaire/serv-ssl) d'une cérémonie (pfcng ceremony perform PLAN), ou " +
      `POST /v1/certificates d'un service en fonctionnement ; copier le certificat et sa chaîne (PEM) dans ${location}`,
    en:
      'step create-founding-certificate (profile elementaire/serv-ssl) of a ceremony (pfcng ceremony perform PLAN), or ' +
      `POST /v1/certificates of a running service; copy the certificate and its chain (PEM) to ${location}`,
  };
}

function keyRemedy(location: string): Bilingual {
  const make = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${location}`;
  return {
    fr:
      "remettre la clé privée du certificat (chmod 0400, propriété de l'utilisateur du service) ; ou créer une nouvelle " +
      `bi-clé (${make}) et la faire certifier`,
    en:
      'put the private key of the certificate there (chmod 0400, owned by the user of the service); or create a new ' +
      `key pair (${make}) and have it certified`,
  };
}

/** The file of the chain has at most the certificate of the server, two CAs and a root. */
const CHAIN_MAX = 4;

type ServerCertificate = { readonly view: CertificateView } | { readonly fault: Bilingual };

function readServerCertificate(file: string): ServerCertificate {
  const content = tryReadRegularFile(file);
  if (!content.ok) return { fault: content.error };
  const blocks = decodePemBlocks(latin1(content.value), { labels: ['CERTIFICATE'], blocksMax: CHAIN_MAX });
  const [first] = blocks.ok ? blocks.value : [];
  const read = first === undefined ? null : readCertificate(first);
  if (read?.ok === true) return { view: read.value };
  const why = blocks.ok ? untranslated('certificate-well-formed') : blocks.error;
  const fr = `ce n'est pas une chaîne de certificats PEM (${why.fr})`;
  return { fault: { fr, en: `not a PEM certificate chain (${why.en})` } };
}

type ServerKey = { readonly key: KeyObject } | { readonly fault: Bilingual };

function readServerKey(file: string): ServerKey {
  const content = tryReadRegularFile(file);
  if (!content.ok) return { fault: content.error };
  try {
    return { key: createPrivateKey(latin1(content.value)) };
  } catch {
    const fr = "ce n'est pas une clé privée PEM sans mot de passe";
    return { fault: { fr, en: 'it is not a private key in PEM without a password' } };
  }
}

function isKeyOf(key: KeyObject, { tbs }: CertificateView): boolean {
  return equalBytes(new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' })), tbs.spki);
}

type ServerWorld = { readonly config: Config; readonly policy: Policy | null };

function certificateFaults(view: CertificateView, { config, policy }: ServerWorld): readonly Bilingual[] {
  return [
    ...(isForServers(view)
      ? []
      : [{ fr: "n'est pas destiné à l'authentification de serveurs", en: 'not for server authentication' }]),
    ...(isOfThisHome(view, config, policy)
      ? []
      : [{ fr: "n'est émis par aucune AC de cette installation", en: 'issued by no CA of this home' }]),
  ];
}

/**
 * Says that the TLS certificate of the API has expired or is not valid yet; null: it is valid now.
 * This fault does not stop the start, because CRLs and OCSP responses must be served without this
 * certificate too.
 */
export function periodFault({ tbs: { notBefore, notAfter } }: CertificateView): Bilingual | null {
  const now = systemClock();
  if (notBefore.at <= now && now <= notAfter.at) return null;
  const period = `${formatInstant(notBefore.at)} - ${formatInstant(notAfter.at)}`;
  return { fr: `expiré, ou pas encore valide (${period})`, en: `expired, or not valid yet (${period})` };
}

function isForServers({ tbs }: CertificateView): boolean {
  const purposes = extensionOf(tbs, OID.extKeyUsage);
  const names = purposes === null ? null : readExtendedKeyUsage(purposes.value);
  return names?.ok === true && names.value.includes('serverAuth');
}

/**
 * Whether an issuing CA of this home folder has issued the certificate. Also true if this cannot be
 * known, because the policy has a fault, or the certificate of a CA is missing or has one.
 */
function isOfThisHome(view: CertificateView, config: Config, policy: Policy | null): boolean {
  const issuers = policy === null ? null : readIssuers({ config, policy });
  if (issuers?.ok !== true) return true;
  const isComplete = policy !== null && generationsOf(policy).every(({ id }) => issuers.value.byId(id) !== null);
  const isOurs = issuers.value.all().some((issuer) => issuer.kind === 'issuing' && isIssuedBy(issuer, view));
  return isOurs || !isComplete;
}

export const accessAuthorities: Requirement<'access-authorities'> = {
  name: 'access-authorities',
  question: 'Are the CAs of break-glass officers that the configuration names there, with the named hash?',
  roles: WRITING_ROLES,
  find: homeCheck((home) => {
    const read = readAccessAuthorities(home);
    if (read.ok) return [];
    return read.error.map(({ id, file, why }) => ({
      location: file,
      fault: { fr: 'certificat absent ou refusé', en: why },
      purpose: {
        fr: `accessAuthorities, ${id} : AC des officiers de secours`,
        en: `accessAuthorities, ${id}: CA of the break-glass officers`,
      },
      remedy: {
        fr: 'le copier depuis la cérémonie (étape create-access-authority), ou corriger accessAuthorities (ops/break-glass.md)',
        en: 'copy it from its ceremony (step create-access-authority), or correct accessAuthorities (ops/break-glass.md)',
      },
    }));
  }),
};

export const blockedKeys: Requirement<'blocked-keys'> = {
  name: 'blocked-keys',
  question: 'Can all lists of blocked keys be read?',
  roles: WRITING_ROLES,
  find: configurationCheck(async (config) => {
    const faults: StartFault[] = [];
    for (const location of blockedKeyFiles(config)) {
      const read = await readBlockedKeys([location]);
      if (read.ok) continue;
      faults.push({
        location,
        fault: existsSync(location)
          ? { fr: 'liste refusée', en: read.error }
          : { fr: 'fichier absent', en: 'the file is missing' },
        purpose: { fr: 'clés qui ne sont jamais certifiées', en: 'keys that are never certified' },
        remedy: {
          fr: 'remettre ou corriger la liste, ou changer blockedKeys (ops/keys.md)',
          en: 'restore or correct the list, or change blockedKeys (ops/keys.md)',
        },
      });
    }
    return faults;
  }),
};
