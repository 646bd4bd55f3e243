/**
 * Reads what ir, cr, kur and p10cr ask for: the rules of the template (RFC 4211 section 5, RFC 9483
 * 4.1) and the proof of possession (RFC 9810 5.2.8). What the holder may get is decided by
 * `src/operations/enrolment`, as for every protocol.
 */
import { parseDer } from '../../asn1/der-reader.js';
import { decodeBody, readCertId } from '../../cmp/bodies.js';
import type { CertReqMsg, CertTemplate, CmpFault, InfoTypeAndValue, PkiMessage } from '../../cmp/model.js';
import { bodyFault } from '../../cmp/status-info.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { CertificateOrder, Profile } from '../../policy/model.js';
import { isSameName } from '../../x509/certificate/name-comparison.js';
import { readPublicKey } from '../../x509/keys/public-key.js';
import type { CertificateView, Extension, Issuer, Name } from '../../x509/model.js';
import { keyProvenByConfirmation, type ProvenKey } from '../../x509/proven-key.js';
import {
  KEY_UNUSABLE,
  proveBySignature,
  type RequestFailure,
  readCertificationRequestDer,
} from '../../x509/request/certification-request.js';
import { readRequestedAttributes } from '../../x509/request/requested-attributes.js';

type CertificateRequest = {
  readonly key: ProvenKey;
  readonly subject: Name;
  readonly extensions: readonly Extension[];
  readonly validity: CertificateOrder['validity'];
};

type RequestRules = {
  readonly profile: Profile;
  /** The CA of the profile. */
  readonly issuer: Pick<Issuer, 'subject'>;
  /** The certificate that a kur renews; null: another body. */
  readonly updated: CertificateView | null;
  /**
   * Whether the holder is known from a registration or a record, so that a subject may be empty.
   */
  readonly holderIsKnown: boolean;
};

type ReadResult<Value> = Result<Value, CmpFault>;

const ANY_TIME: CertificateOrder['validity'] = { notBefore: null, notAfter: null };

export async function readCertificateRequest(
  message: PkiMessage,
  rules: RequestRules,
): Promise<ReadResult<CertificateRequest>> {
  if (message.bodyKind === 'p10cr') return readPkcs10(message.bodyContent, rules);
  const decoded = decodeBody.ir(message.bodyContent);
  if (!decoded.ok) return decoded;
  const [only, another] = decoded.value;
  if (only === undefined || another !== undefined) return refuse('badRequest', 'exactly one CertReqMsg is accepted');
  if (only.request.certReqId !== 0) return refuse('badRequest', 'certReqId must be 0 (RFC 9483 4.1.1)');
  return readCrmf(only, rules);
}

async function readCrmf({ request, proof }: CertReqMsg, rules: RequestRules): Promise<ReadResult<CertificateRequest>> {
  const { template, controls } = request;
  const broken = templateFault(template, rules) ?? controlsFault(controls, rules);
  if (broken !== null) return err(broken);
  const { subject, publicKey, extensions } = template;
  if (publicKey === null || publicKey.isEmpty)
    return refuse('badCertTemplate', 'publicKey must be present: the CA makes no keys for others');
  const unusable = keyFault(publicKey.spki);
  if (unusable !== null) return err(unusable);
  const key = await provenKey({ proof, spki: publicKey.spki, info: request.der }, rules);
  if (!key.ok) return key;
  return ok({ key: key.value, subject: subject?.name ?? [], extensions, validity: template.validity ?? ANY_TIME });
}

/** Fields that a request must not have, or only as the certificate will have them. */
function templateFault(template: CertTemplate, rules: RequestRules): CmpFault | null {
  const { version, serialNumber, signingAlg, issuer, issuerUID, subjectUID } = template;
  const refused = (text: string) => bodyFault('badCertTemplate', text);
  if (version !== null && version !== 2) return refused('version must be absent or v3 (2)');
  if (serialNumber !== null) return refused('serialNumber must be absent: the CA chooses it');
  if (signingAlg !== null) return refused('signingAlg must be absent: the CA chooses it');
  if (issuerUID !== null || subjectUID !== null) return refused('issuerUID and subjectUID must be absent');
  if (issuer !== null && (issuer.name === null || !isSameName(issuer.name, rules.issuer.subject)))
    return refused(`issuer must be absent or the CA of ${rules.profile.id}`);
  return subjectFault(template, rules) ?? extensionsFault(template.extensions);
}

function subjectFault(
  { subject, extensions }: CertTemplate,
  { holderIsKnown, updated, profile }: RequestRules,
): CmpFault | null {
  const refused = (text: string) => bodyFault('badCertTemplate', text);
  if (subject === null) return refused('subject must be present; it may be empty if the holder is known (-subject)');
  if (subject.name === null) return refused('subject has a value of a form that certificates cannot have');
  // RFC 9483 4.1.3 lets a kur leave out what it does not change; a suite wants it to be refused.
  const isKnown = holderIsKnown || (updated !== null && !isForSuite(profile));
  return emptySubjectFault(subject.name, { extensions, holderIsKnown: isKnown });
}

const SUBJECT_ALT_NAME = '2.5.29.17';

function emptySubjectFault(
  name: Name,
  { extensions, holderIsKnown }: { readonly extensions: readonly Extension[]; readonly holderIsKnown: boolean },
): CmpFault | null {
  if (name.length > 0 || holderIsKnown || extensions.some(({ oid }) => oid === SUBJECT_ALT_NAME)) return null;
  return bodyFault(
    'badCertTemplate',
    'subject is empty, and neither a subjectAltName nor a registration names the holder',
  );
}

function extensionsFault(extensions: readonly Extension[]): CmpFault | null {
  const twice = extensions.find(({ oid }, at) => extensions.findIndex((one) => one.oid === oid) !== at);
  return twice === undefined ? null : bodyFault('badCertTemplate', `the extension ${twice.oid} occurs twice`);
}

/** RFC 4211 section 6. */
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.5.1.1', 'regToken'],
  ['1.3.6.1.5.5.7.5.1.2', 'authenticator'],
  ['1.3.6.1.5.5.7.5.1.3', 'pkiPublicationInfo'],
  ['1.3.6.1.5.5.7.5.1.4', 'pkiArchiveOptions'],
  ['1.3.6.1.5.5.7.5.1.6', 'protocolEncrKey'],
]);
const OLD_CERT_ID = '1.3.6.1.5.5.7.5.1.5';

function controlsFault(controls: readonly InfoTypeAndValue[], { updated }: RequestRules): CmpFault | null {
  const other = controls.find(({ oid }) => oid !== OLD_CERT_ID);
  if (other !== undefined)
    return bodyFault('badRequest', `the control ${CONTROLS.get(other.oid) ?? other.oid} is not accepted`);
  if (controls.length === 0) return null;
  const [only, another] = controls;
  const isOwn = updated !== null && another === undefined && only?.value != null && isOldCertId(only.value, updated);
  return isOwn
    ? null
    : bodyFault(
        'badCertId',
        'oldCertID is allowed in a kur only, and must name the certificate that signs it (-oldcert)',
      );
}

function isOldCertId(value: Bytes, { tbs }: CertificateView): boolean {
  const read = parseDer(value, readCertId);
  if (!read.ok || read.value.issuer.kind !== 'directoryName') return false;
  const { issuer, serialNumber } = read.value;
  return isSameName(issuer.name, tbs.issuer) && equalBytes(serialNumber, tbs.serialOctets);
}

function keyFault(spki: Bytes): CmpFault | null {
  const key = readPublicKey(spki);
  if (key.ok) return null;
  const { rule, message } = key.error;
  return bodyFault(rule === 'key-algorithm-known' ? 'badAlg' : 'badCertTemplate', `${message.en} (${rule})`);
}

type Proof = { readonly proof: CertReqMsg['proof']; readonly spki: Bytes; readonly info: Bytes };

async function provenKey({ proof, spki, info }: Proof, { profile }: RequestRules): Promise<ReadResult<ProvenKey>> {
  if (proof === null) return refuse('badPOP', 'the proof of possession is missing (-popo 1)');
  switch (proof.kind) {
    case 'raVerified':
      return refuse('notAuthorized', 'raVerified: the CA verifies every proof of possession itself');
    case 'signature': {
      if (proof.poposkInput !== null)
        return refuse('badRequest', 'poposkInput must be absent, and the signature covers certReq (RFC 9483 4.1.1)');
      const { signature, algorithm } = proof;
      const proven = await proveBySignature({ spki, info, signature, algorithm: algorithm.der });
      return proven.ok ? proven : err(proofFault(proven.error));
    }
    case 'keyEncipherment': {
      const { method } = proof;
      const isEncrypted = method.kind === 'subsequentMessage' && method.message === 'encrCert';
      return isEncrypted && profile.enrolment?.encryptedCertificate === true
        ? ok(keyProvenByConfirmation(spki))
        : refuse('badPOP', `${profile.id} does not accept this proof of possession: sign certReq (-popo 1)`);
    }
    case 'keyAgreement':
      return refuse('badPOP', 'this proof of possession is not accepted: sign certReq (-popo 1)');
  }
}

async function readPkcs10(der: Bytes, { holderIsKnown }: RequestRules): Promise<ReadResult<CertificateRequest>> {
  const request = await readCertificationRequestDer(der);
  if (!request.ok) return err(proofFault(request.error));
  const { key, subject, attributes } = request.value;
  const requested = readRequestedAttributes(attributes);
  if (!requested.ok) return refuse('badCertTemplate', `${requested.error.message.en} (${requested.error.rule})`);
  const { extensions } = requested.value;
  const broken = keyFault(key.spki) ?? emptySubjectFault(subject, { extensions, holderIsKnown });
  return broken === null ? ok({ key, subject, extensions, validity: ANY_TIME }) : err(broken);
}

function proofFault(failure: RequestFailure): CmpFault {
  const text = `${failure.message.en} (${failure.rule})`;
  if (failure.kind === 'request-malformed') return bodyFault('badCertTemplate', text);
  const broken = keyFault(failure.spki);
  if (broken !== null) return broken;
  // A key that cannot be used is a fault of the template, not of the proof.
  return bodyFault(failure.rule.startsWith(KEY_UNUSABLE) ? 'badCertTemplate' : 'badPOP', text);
}

function refuse(failInfo: CmpFault['failInfo'], text: string): ReadResult<never> {
  return err(bodyFault(failInfo, text));
}
