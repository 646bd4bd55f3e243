/**
 * CMP messages as plain values (RFC 9810 section 5, CRMF of RFC 4211). The codec reads and writes
 * them; octets that are signed, or that are opaque here, are kept as they were received.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { Extension, Name } from '../x509/model.js';

/** The alternatives of PKIBody by their tags, 0 to 26 (RFC 9810 5.1.2). */
export const BODY_KINDS = [
  'ir',
  'ip',
  'cr',
  'cp',
  'p10cr',
  'popdecc',
  'popdecr',
  'kur',
  'kup',
  'krr',
  'krp',
  'rr',
  'rp',
  'ccr',
  'ccp',
  'ckuann',
  'cann',
  'rann',
  'crlann',
  'pkiconf',
  'nested',
  'genm',
  'genp',
  'error',
  'certConf',
  'pollReq',
  'pollRep',
] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

/** PKIFailureInfo by its bits, 0 to 26 (RFC 9810 5.2.3). */
export const FAIL_INFOS = [
  'badAlg',
  'badMessageCheck',
  'badRequest',
  'badTime',
  'badCertId',
  'badDataFormat',
  'wrongAuthority',
  'incorrectData',
  'missingTimeStamp',
  'badPOP',
  'certRevoked',
  'certConfirmed',
  'wrongIntegrity',
  'badRecipientNonce',
  'timeNotAvailable',
  'unacceptedPolicy',
  'unacceptedExtension',
  'addInfoNotAvailable',
  'badSenderNonce',
  'badCertTemplate',
  'signerNotTrusted',
  'transactionIdInUse',
  'unsupportedVersion',
  'notAuthorized',
  'systemUnavail',
  'systemFailure',
  'duplicateCertReq',
] as const;
export type FailInfo = (typeof FAIL_INFOS)[number];

/** PKIStatus, 0 to 6 (RFC 9810 5.2.3). */
export const PKI_STATUSES = [
  'accepted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
  'keyUpdateWarning',
] as const;
export type PkiStatus = (typeof PKI_STATUSES)[number];

export type PkiMessage = {
  /** The whole message as it was received. */
  readonly octets: Bytes;
  readonly header: PkiHeader;
  readonly bodyKind: BodyKind;
  /** The DER inside the tag of the body; `decodeBody` reads it. */
  readonly bodyContent: Bytes;
  /** ProtectedPart, DER: a SEQUENCE of header and body in the octets that were received (5.1.3). */
  readonly protectedPart: Bytes;
  /** Content octets of the BIT STRING. */
  readonly protection: Bytes | null;
  /** DER of each, in the order of the message; their content is not read here. */
  readonly extraCerts: readonly Bytes[];
};

/** A message before its protection is computed. */
export type UnprotectedMessage = Pick<PkiMessage, 'header' | 'bodyKind' | 'bodyContent'>;

/** RFC 9810 5.1.1. Lists are empty where the field is absent. */
export type PkiHeader = {
  /** An integer outside of the safe range of numbers is the nearest one inside. */
  readonly pvno: number;
  readonly sender: GeneralName;
  readonly recipient: GeneralName;
  readonly messageTime: Instant | null;
  readonly protectionAlg: AlgorithmIdentifier | null;
  readonly senderKID: Bytes | null;
  readonly recipKID: Bytes | null;
  readonly transactionID: Bytes | null;
  readonly senderNonce: Bytes | null;
  readonly recipNonce: Bytes | null;
  readonly freeText: readonly string[];
  readonly generalInfo: readonly InfoTypeAndValue[];
};

/**
 * `der` is the whole GeneralName. A directoryName with a string of a form that RFC 5280 no longer
 * allows is `other` too.
 */
export type GeneralName =
  | { readonly kind: 'directoryName'; readonly name: Name; readonly der: Bytes }
  | { readonly kind: 'other'; readonly der: Bytes };

export type AlgorithmIdentifier = {
  readonly oid: string;
  /** DER of the parameters; null: absent. */
  readonly parameters: Bytes | null;
  readonly der: Bytes;
};

export type InfoTypeAndValue = {
  readonly oid: string;
  /** DER of the value; null: absent. */
  readonly value: Bytes | null;
};

/** A message is refused. */
export type CmpFault = {
  readonly failInfo: FailInfo;
  /** PKIFreeText: 1 to 4 English strings of at most 500 characters. */
  readonly text: readonly string[];
  /**
   * `error`: the answer is an error message; `body`: a rejection in ip, cp, kup or rp (RFC 9483
   * 3.6.2).
   */
  readonly at: 'error' | 'body';
};

/** PKIStatusInfo (RFC 9810 5.2.3). Lists are empty where the field is absent. */
export type StatusInfo = {
  readonly status: PkiStatus;
  readonly text: readonly string[];
  /** In the order of the bits; bits without a name are left out. */
  readonly failInfo: readonly FailInfo[];
};

/** A Name with its DER; `name` is null if a value has a form that no certificate of ours has. */
export type NameValue = { readonly name: Name | null; readonly der: Bytes };

/** CertReqMsg (RFC 4211 section 3). regInfo is read and ignored. */
export type CertReqMsg = {
  readonly request: CertRequest;
  readonly proof: ProofOfPossession | null;
};

export type CertRequest = {
  /** The octets that a signature as proof of possession covers, as they were received. */
  readonly der: Bytes;
  readonly certReqId: number;
  readonly template: CertTemplate;
  /** RFC 4211 section 6; an empty list if absent. */
  readonly controls: readonly InfoTypeAndValue[];
};

/** CertTemplate (RFC 4211 section 5); null: absent. */
export type CertTemplate = {
  readonly version: number | null;
  /** Content octets of the INTEGER. */
  readonly serialNumber: Bytes | null;
  readonly signingAlg: AlgorithmIdentifier | null;
  readonly issuer: NameValue | null;
  readonly validity: { readonly notBefore: Instant | null; readonly notAfter: Instant | null } | null;
  readonly subject: NameValue | null;
  readonly publicKey: PublicKeyValue | null;
  /** BIT STRINGs, content octets with the count of unused bits. */
  readonly issuerUID: Bytes | null;
  readonly subjectUID: Bytes | null;
  /** In the order of the DER; one identifier may occur twice. */
  readonly extensions: readonly Extension[];
};

export type PublicKeyValue = {
  /** SubjectPublicKeyInfo, DER, with the tag of a SEQUENCE. */
  readonly spki: Bytes;
  readonly algorithm: AlgorithmIdentifier;
  /** Whether the BIT STRING is empty, which asks for a key made by the CA (RFC 9810 5.3.4). */
  readonly isEmpty: boolean;
};

/** ProofOfPossession (RFC 4211 section 4). */
export type ProofOfPossession =
  | { readonly kind: 'raVerified' }
  | {
      readonly kind: 'signature';
      /** DER of poposkInput; null: absent, as RFC 9483 4.1.1 requires. */
      readonly poposkInput: Bytes | null;
      readonly algorithm: AlgorithmIdentifier;
      readonly signature: Bytes;
    }
  | { readonly kind: 'keyEncipherment' | 'keyAgreement'; readonly method: PopPrivKeyMethod };

/** POPOPrivKey (RFC 4211 4.2). */
export type PopPrivKeyMethod =
  | { readonly kind: 'subsequentMessage'; readonly message: 'encrCert' | 'challengeResp' }
  | { readonly kind: 'thisMessage' | 'dhMAC' | 'agreeMAC' | 'encryptedKey'; readonly der: Bytes };

/** CertRepMessage (RFC 9810 5.3.4). */
export type CertRepMessage = {
  readonly caPubs: readonly Bytes[];
  readonly responses: readonly CertResponse[];
};

export type CertResponse = {
  readonly certReqId: number;
  readonly status: StatusInfo;
  /** null: no certifiedKeyPair. */
  readonly certificate: CertOrEncCert | null;
};

export type CertOrEncCert =
  | { readonly kind: 'certificate'; readonly der: Bytes }
  /** RFC 9810 5.2.2: EnvelopedData, DER with the tag of a SEQUENCE, since pvno 3. */
  | { readonly kind: 'envelopedData'; readonly der: Bytes }
  /** RFC 4211 2.1: EncryptedValue, DER. */
  | { readonly kind: 'encryptedValue'; readonly der: Bytes };

/** RevDetails (RFC 9810 5.3.9). */
export type RevDetails = { readonly template: CertTemplate; readonly crlEntryDetails: readonly Extension[] };

/** RevRepContent (RFC 9810 5.3.10). */
export type RevRepContent = {
  readonly statuses: readonly StatusInfo[];
  readonly revCerts: readonly CertId[];
  /** DER of each CRL. */
  readonly crls: readonly Bytes[];
};

/** CertId (RFC 4211 6.5), also the value of the control oldCertID. */
export type CertId = {
  readonly issuer: GeneralName;
  /** Content octets of the INTEGER. */
  readonly serialNumber: Bytes;
};

/** ErrorMsgContent (RFC 9810 5.3.21). */
export type ErrorMessage = {
  readonly status: StatusInfo;
  readonly errorCode: number | null;
  readonly errorDetails: readonly string[];
};

/** CertStatus (RFC 9810 5.3.18). */
export type CertStatus = {
  readonly certHash: Bytes;
  readonly certReqId: number;
  /** null: absent, which means accepted. */
  readonly status: StatusInfo | null;
  readonly hashAlg: AlgorithmIdentifier | null;
};

/** An element of PollRepContent (RFC 9810 5.3.22). */
export type PollAnswer = {
  readonly certReqId: number;
  readonly checkAfterSeconds: number;
  readonly reason: readonly string[];
};

/** What the content of each body is; `Bytes`: DER of a body that is never served. */
export type BodyValues = {
  readonly ir: readonly CertReqMsg[];
  readonly ip: CertRepMessage;
  readonly cr: readonly CertReqMsg[];
  readonly cp: CertRepMessage;
  /** CertificationRequest, DER. */
  readonly p10cr: Bytes;
  readonly popdecc: Bytes;
  readonly popdecr: Bytes;
  readonly kur: readonly CertReqMsg[];
  readonly kup: CertRepMessage;
  readonly krr: Bytes;
  readonly krp: Bytes;
  readonly rr: readonly RevDetails[];
  readonly rp: RevRepContent;
  readonly ccr: Bytes;
  readonly ccp: Bytes;
  readonly ckuann: Bytes;
  readonly cann: Bytes;
  readonly rann: Bytes;
  readonly crlann: Bytes;
  readonly pkiconf: null;
  /** The octets of each message. */
  readonly nested: readonly Bytes[];
  readonly genm: readonly InfoTypeAndValue[];
  readonly genp: readonly InfoTypeAndValue[];
  readonly error: ErrorMessage;
  readonly certConf: readonly CertStatus[];
  /** certReqId of each. */
  readonly pollReq: readonly number[];
  readonly pollRep: readonly PollAnswer[];
};
