/**
 * Reads the certificates that are bound to an account: from files with certificates, or by the key
 * in a certification request.
 */
import { type AccessAuthority, breakGlassFault } from '../../access/break-glass.js';
import { identifyClient, isForClientAuthentication } from '../../access/client-certificate.js';
import { TAG } from '../../asn1/der-reader.js';
import { accessFaultLines, readAccessAuthorities } from '../../compose/access.js';
import { type HomeIssuers, readIssuers } from '../../compose/issuers.js';
import { systemClock } from '../../compose/world.js';
import { tryReadRegularFile } from '../../config/regular-file.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { decodePemBlocks } from '../../x509/pem.js';
import { readKeyOf } from '../common/key-input.js';
import type { Records } from '../common/records.js';

type Credential = Account['credentials'][number];

/** Files of each option. */
export type CredentialOptions = { readonly certificate?: readonly string[]; readonly csr?: readonly string[] };

type Checker = Records & { readonly issuers: HomeIssuers; readonly access: readonly AccessAuthority[] };

/**
 * Reports the faults of all files at once. A credential that several files name is returned once.
 */
export async function readCredentials(
  { home, store }: Records,
  { certificate = [], csr = [] }: CredentialOptions,
): Promise<Result<readonly Credential[], readonly string[]>> {
  const issuers = readIssuers(home);
  if (!issuers.ok) return err([issuers.error]);
  const access = readAccessAuthorities(home);
  if (!access.ok) return err(accessFaultLines(access.error));
  const checker = { home, store, issuers: issuers.value, access: access.value };
  const read = [
    ...(await Promise.all(certificate.map((file) => inCertificateFile(checker, file)))),
    ...(await Promise.all(csr.map((file) => onRequestedKey(checker, file)))),
  ];
  const faults = read.flatMap((one) => (one.ok ? [] : [one.error]));
  if (faults.length > 0) return err(faults);
  const all = read.flatMap((one) => (one.ok ? one.value : []));
  const name = ({ issuer, spkiSha256 }: Credential) => `${issuer} ${spkiSha256}`;
  return ok([...new Map(all.map((one) => [name(one), one])).values()]);
}

async function inCertificateFile(checker: Checker, file: string): Promise<Result<readonly Credential[], string>> {
  const der = certificateIn(file);
  const read = der.ok ? await checkCertificate(checker, der.value) : der;
  return read.ok ? ok([read.value]) : err(`--certificate ${file}: ${read.error}`);
}

/** Limit of the certificates whose faults a message lists. */
const LISTED_MAX = 5;

/** The certificates that this platform has issued for the key in the request or key file. */
async function onRequestedKey(checker: Checker, file: string): Promise<Result<readonly Credential[], string>> {
  const key = await readKeyOf(file);
  if (!key.ok) return err(`--csr ${key.error}`);
  const found = await checker.store.read((reads) => reads.certificatesByKeys([key.value]));
  if (!found.ok) return err(`--csr ${file}: ${found.error.detail}`);
  const usable: Credential[] = [];
  const faults: string[] = [];
  for (const record of found.value) {
    const der = certificateOf(checker, record);
    if (der === null) continue;
    const read = await checkCertificate(checker, der);
    if (read.ok) usable.push(read.value);
    else faults.push(`${record.id}: ${read.error}`);
  }
  if (usable.length > 0) return ok(usable);
  if (faults.length > 0) return err(`--csr ${file}: ${faults.slice(0, LISTED_MAX).join('; ')}`);
  return err(`--csr ${file}: ${inBothLanguages(NOT_CERTIFIED)}`);
}

const NOT_CERTIFIED = {
  fr:
    "aucun certificat de cette plate-forme ne porte encore sur cette clé : faites-la d'abord certifier (par l'API, avec " +
    'pfcng account certify, ou en cérémonie, étape create-founding-certificate)',
  en:
    'no certificate of this platform is on this key yet: have it certified first (by the API, with ' +
    'pfcng account certify, or in a ceremony, step create-founding-certificate)',
};

/** null: it was never signed, or its issuer is no longer in the home folder. */
function certificateOf({ issuers }: Checker, { issuer: id, tbs, signature }: CertificateRecord): Bytes | null {
  const issuer = issuers.byId(id);
  return issuer === null || signature === null ? null : assembleCertificate(tbs, issuer.signatureAlgorithm, signature);
}

/** Checks a client certificate as the API does at each request. */
async function checkCertificate(
  { home, store, issuers, access }: Checker,
  der: Bytes,
): Promise<Result<Credential, string>> {
  const authorities = home.config.accountAuthorities;
  const known = identifyClient(issuers, { authorities, access }, der);
  if (known === null) {
    const clientAuthorities = [...authorities, ...access.map(({ id }) => id)];
    return err(`not issued by a CA that authenticates accounts: ${clientAuthorities.join(', ')}`);
  }
  const { tbs } = known.view;
  if (!isForClientAuthentication(known.view.tbs)) return err('not for client authentication');
  const now = systemClock();
  if (now < tbs.notBefore.at || now > tbs.notAfter.at) return err('it has expired, or is not valid yet');
  const { spkiSha256 } = known;
  const credential = { issuer: known.issuer.id, spkiSha256 };
  if (known.kind === 'break-glass') {
    const fault = breakGlassFault(tbs);
    return fault === null ? ok(credential) : err(`not a certificate of a break-glass officer: ${fault}`);
  }
  const status = await store.read((reads) => reads.status(known.issuer.id, tbs.serial));
  if (!status.ok) return err(status.error.detail);
  if (status.value === null || !status.value.signed) return err('it is not in this database');
  const { state } = status.value;
  return state.status === 'issued' ? ok(credential) : err(`its status is ${state.status}`);
}

/** A certificate, its issuing CA, its root, and one more of a cross-certified root. */
const CHAIN_MAX = 4;

/**
 * The certificate of the account in a file: DER, as ceremonies write it, or PEM, which may go on
 * with the chain of its issuers, as the API and `pfcng account certify` write it.
 */
function certificateIn(file: string): Result<Bytes, string> {
  const read = tryReadRegularFile(file, LIMITS.tbsCertificateBytesMax * 2 * CHAIN_MAX);
  if (!read.ok) return err(inBothLanguages(read.error));
  const content = read.value;
  if (content[0] === TAG.sequence) return ok(content);
  const text = new TextDecoder('latin1').decode(content);
  const blocks = decodePemBlocks(text, { labels: ['CERTIFICATE'], blocksMax: CHAIN_MAX });
  if (!blocks.ok)
    return err(`a PEM certificate, which its chain may follow, is expected: ${inBothLanguages(blocks.error)}`);
  const [der = content, ...issuers] = blocks.value;
  return isChain(der, issuers) ? ok(der) : err(inBothLanguages(NO_CHAIN));
}

const NO_CHAIN = {
  fr: "le certificat du compte vient en premier, suivi seulement de la chaîne de ses AC, dans l'ordre",
  en: "the account's certificate comes first, and only the chain of its issuers may follow, in order",
};

/** Whether each certificate is of the issuer of the one before. Any other one would be ignored. */
function isChain(der: Bytes, issuers: readonly Bytes[]): boolean {
  let below = readCertificate(der);
  for (const issuer of issuers) {
    const above = readCertificate(issuer);
    if (!below.ok || !above.ok || !equalBytes(below.value.tbs.issuerDer, above.value.tbs.subjectDer)) return false;
    below = above;
  }
  return true;
}
