/**
 * Founding certificates: ordinary certificates of a policy profile that a ceremony signs, because
 * the API cannot issue its own server certificate or the certificates of its first accounts. When
 * the service starts, it finds them by the copies of the plans in its home folder and registers
 * them.
 */
import { proveApplication, type VettedRequest, vet } from '../issuance/prepare.js';
import { type Bilingual, joinTexts, untranslated } from '../kernel/bilingual.js';
import { type Bytes, concat, equalBytes, fromHex, utf8 } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { isObject } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { Card, CertificateOrder, Holder, Identity, Policy } from '../policy/model.js';
import type { Account } from '../ports/store/accounts.js';
import type { KeyOrigin } from '../ports/store/certificates.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import { encodeTbs } from '../x509/certificate/certificate-writer.js';
import type { CertificateView, Issuer } from '../x509/model.js';
import { decodePem, encodePem } from '../x509/pem.js';
import { type StepFailure, wrongFile } from './failures.js';
import { isSignedBy } from './steps/shared/certify.js';

/** The account that authenticates with a founding certificate. */
export type FoundingAccount = Pick<Account, 'id' | 'name' | 'roles' | 'scope'>;

/**
 * Whether a member of a plan copy or of a transcript line, which no schema has validated, has the
 * form of an account.
 */
export function isFoundingAccount(value: unknown): value is FoundingAccount {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.name !== 'string') return false;
  const { roles, scope } = value;
  if (!isTextList(roles) || !isObject(scope)) return false;
  return [scope.profiles, scope.structures, scope.domains, scope.holders].every(isTextList);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Describes the account as people read it before they confirm its certificate. */
export function accountText(account: FoundingAccount | undefined): Bilingual {
  if (account === undefined) return { fr: 'aucun', en: 'none' };
  const { id, name, roles, scope } = account;
  const { profiles, structures, domains, holders } = scope;
  const limits = [profiles, structures, domains, holders].map((values) => values.join(' ') || '-').join(' | ');
  return untranslated(`${id} (${name}): ${roles.join(', ')}; ${limits}`);
}

/** The part of a step `create-founding-certificate` that says what is certified, and for whom. */
export type FoundingOrder = {
  readonly profile: string;
  readonly holder: Holder;
  readonly card?: Card;
  readonly identity?: Identity;
  readonly keyOrigin?: KeyOrigin;
};

export function orderOf({ profile, holder, card, identity, keyOrigin }: FoundingOrder): CertificateOrder {
  return {
    profile,
    holder,
    card: card ?? null,
    identity: identity ?? null,
    keyOrigin: keyOrigin ?? null,
    validity: { notBefore: null, notAfter: null },
  };
}

type FoundingRequest = {
  readonly order: FoundingOrder;
  readonly request: { readonly path: string; readonly content: Bytes };
  readonly issuer: Issuer;
  readonly now: Instant;
};

/**
 * Checks the request as the API would (proof of possession, strength of the key, policy), and
 * returns the certificate plan that the policy makes of it.
 */
export async function vetFounding(
  policy: Policy,
  { order, request, issuer, now }: FoundingRequest,
): Promise<Result<VettedRequest, StepFailure>> {
  const csr = new TextDecoder().decode(request.content);
  const proven = await proveApplication({ order: orderOf(order), csr, pointer: '' }, { policy, now });
  const vetted = proven.ok ? vet(proven.value, { policy, issuer, now }) : proven;
  if (vetted.ok) return vetted;
  const { violations } = vetted.error;
  const described = violations.map(({ pointer, rule, message: { fr, en } }) => ({
    fr: `${pointer} : ${fr} (${rule})`,
    en: `${pointer}: ${en} (${rule})`,
  }));
  const { fr, en } = joinTexts(described, { fr: ' ; ', en: '; ' });
  const detail = { fr: `demande refusée : ${fr}`, en: `refused: ${en}` };
  return wrongFile(request.path, detail);
}

/**
 * Whether the certificate is, apart from its signature, exactly the one that the policy makes of
 * the order at the beginning of its validity.
 */
export function isAsOrdered({ plan, key }: VettedRequest, issuer: Issuer, { tbs }: CertificateView): boolean {
  const serial = fromHex(tbs.serial);
  if (serial === null) return false;
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const { validity, subject, extensions } = plan;
  const expected = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki: key.spki, extensions });
  return equalBytes(expected, tbs.der);
}

/**
 * Returns the PEM file that a TLS server or client sends: its certificate, then that of its CA (RFC
 * 8446 4.4.2).
 */
export function chainOf(certificate: Bytes, issuer: Pick<Issuer, 'certificate'>): Bytes {
  return concat([certificate, issuer.certificate].map((der) => utf8(encodePem('CERTIFICATE', der))));
}

const NOT_A_CHAIN: Bilingual = {
  fr: "ce n'est pas le certificat de sa ligne, suivi de celui de son AC",
  en: 'not the certificate of its line, followed by that of its CA',
};

/**
 * Checks a file of `chainOf`; null: it has no fault. `certificate` is the certificate that the same
 * line of the transcript names; null: the line names none, which is a fault.
 */
export function chainFault(chain: Bytes, certificate: Bytes | null): Bilingual | null {
  const [first, second, ...more] = new TextDecoder().decode(chain).split(/(?<=-----END CERTIFICATE-----\n)/);
  const [leaf, ca] = [first, second].map((pem) => decodePem(pem ?? '', ['CERTIFICATE']));
  if (more.length > 0 || certificate === null || !leaf?.ok || !ca?.ok) return NOT_A_CHAIN;
  const [read, issuer] = [readCertificate(leaf.value), readCertificate(ca.value)];
  const isExpected = equalBytes(leaf.value, certificate) && read.ok && issuer.ok;
  return isExpected && isSignedBy(read.value, issuer.value.tbs.spki) ? null : NOT_A_CHAIN;
}
