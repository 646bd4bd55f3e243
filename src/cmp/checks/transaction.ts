import { expectTag, generalizedTime, nullValue, parseDer, sequenceOf, TAG, text } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import { decodeBody } from '../bodies.js';
import { isVersionServed } from '../header.js';
import { OPERATION_LABELS } from '../labels.js';
import { decodeMessage } from '../message.js';
import type { BodyKind, PkiHeader, PkiMessage } from '../model.js';
import { type Check, refused } from './check.js';

export const VERSION: Check = {
  id: 'A2',
  examine: ({ message: { header } }) =>
    isVersionServed(header.pvno) ? null : refused('unsupportedVersion', 'pvno must be 2 or 3'),
};

/**
 * The bodies that clients may send (RFC 9483 sections 4 and 5.2). A cross certification (ccr) is
 * refused by its body, because the reason depends on who asks.
 */
const SERVED_BODIES = [
  'ir',
  'cr',
  'p10cr',
  'kur',
  'certConf',
  'pollReq',
  'rr',
  'genm',
  'nested',
  'error',
  'ccr',
] as const satisfies readonly BodyKind[];

export const BODY_SERVED: Check = {
  id: 'A3',
  examine: ({ message: { bodyKind } }) =>
    (SERVED_BODIES as readonly BodyKind[]).includes(bodyKind)
      ? null
      : refused(
          'badRequest',
          `a body ${bodyKind} is not served; served are ${SERVED_BODIES.filter((one) => one !== 'ccr').join(', ')}`,
        ),
};

/** certProfile (RFC 9810 5.1.1.4), the path and the body agree. */
export const CERT_PROFILE: Check = {
  id: 'C8',
  examine: async ({ message: { header, bodyKind }, path, profiles, isFirst, transaction }) => {
    const named = certProfileOf(header);
    if (named === 'malformed')
      return refused('badRequest', 'generalInfo: certProfile must be one SEQUENCE of one UTF8String');
    if (named !== null && !profiles.has(named))
      return refused('badRequest', `generalInfo: there is no certProfile ${named}`);
    if (named !== null && path.profile !== null && named !== path.profile)
      return refused('badRequest', `certProfile is ${named}, but the path names ${path.profile}`);
    if (path.label === null) return null;
    const begun = isFirst ? null : await transaction();
    const belongs = OPERATION_LABELS[path.label] as readonly string[];
    if (belongs.includes(bodyKind) && belongs.includes(begun?.kind ?? bodyKind)) return null;
    const body = begun === null ? bodyKind : `${bodyKind} in a transaction of ${begun.kind}`;
    return refused('badRequest', `a body ${body} does not belong to the path .../${path.label}`);
  },
};

/** The profile that generalInfo names, as `hierarchy/name`; null: none. */
export function certProfileOf({ generalInfo }: Pick<PkiHeader, 'generalInfo'>): string | null | 'malformed' {
  const [first, another] = generalInfo.filter(({ oid }) => oid === OID.certProfile);
  if (first === undefined) return null;
  const name = first.value === null || another !== undefined ? null : readName(first.value);
  return name === null ? 'malformed' : name.replaceAll('~', '/');
}

/** CertProfileValue ::= SEQUENCE SIZE (1..MAX) OF UTF8String; null: not one of one text. */
function readName(value: Bytes): string | null {
  const read = parseDer(value, (root) =>
    sequenceOf(root, 'certProfile').map((one) => text(expectTag(one, TAG.utf8String, 'certProfile'), 'certProfile')),
  );
  const [name, another] = read.ok ? read.value : [];
  return name === undefined || another !== undefined ? null : name.value;
}

const ENROLS: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'kur'];

/** implicitConfirm and confirmWaitTime exclude each other (RFC 9483 3.1). */
export const IMPLICIT_CONFIRM: Check = {
  id: 'C7',
  examine: ({ message: { header, bodyKind } }) => {
    const confirms = header.generalInfo.filter(({ oid }) => oid === OID.implicitConfirm);
    const waits = header.generalInfo.filter(({ oid }) => oid === OID.confirmWaitTime);
    if (!confirms.every(({ value }) => isNull(value)))
      return refused('badRequest', 'generalInfo: the value of implicitConfirm must be NULL');
    if (confirms.length > 0 && !ENROLS.includes(bodyKind))
      return refused('badRequest', `generalInfo: implicitConfirm is allowed in ${ENROLS.join(', ')} only`);
    if (confirms.length > 0 && waits.length > 0)
      return refused('badRequest', 'generalInfo: implicitConfirm and confirmWaitTime exclude each other');
    if (!waits.every(({ value }) => isGeneralizedTime(value)))
      return refused('badDataFormat', 'generalInfo: confirmWaitTime must be a GeneralizedTime');
    return null;
  },
};

function isNull(value: Bytes | null): boolean {
  return value !== null && parseDer(value, (root) => nullValue(root, 'implicitConfirm')).ok;
}

function isGeneralizedTime(value: Bytes | null): boolean {
  return value !== null && parseDer(value, (root) => generalizedTime(root, 'confirmWaitTime')).ok;
}

export const MESSAGE_TIME: Check = {
  id: 'C6',
  examine: ({ message: { header }, settings, now }) => {
    const { messageTime } = header;
    if (messageTime === null)
      return settings.messageTimeRequired ? refused('badTime', 'messageTime must be present') : null;
    if (Math.abs(messageTime - now) <= settings.clockToleranceMs) return null;
    const seconds = settings.clockToleranceMs / SECOND_MS;
    return refused('badTime', `messageTime must be within ${seconds} s of our time, ${formatInstant(now)}`);
  },
};

export const RECIP_NONCE: Check = {
  id: 'C5',
  examine: async ({ message, isFirst, transaction }) => {
    const nonce = message.header.recipNonce;
    if (isFirst)
      return nonce === null || isThatOfInner(message, nonce)
        ? null
        : refused('badRecipientNonce', 'recipNonce must be absent in a first message');
    if (nonce === null) return refused('badRecipientNonce', 'recipNonce must be the senderNonce of our last message');
    // A transaction that does not exist is refused where its state is examined.
    const found = await transaction();
    return found === null || (found.ownNonce !== null && equalBytes(found.ownNonce, nonce))
      ? null
      : refused('badRecipientNonce', 'recipNonce is not the senderNonce of our last message');
  },
};

/**
 * Whether an added protection has the recipNonce of its message. Registration authorities copy the
 * header of a later message (RFC 9483 5.2.2.1), whose own recipNonce is examined in its turn.
 */
function isThatOfInner({ bodyKind, bodyContent }: PkiMessage, nonce: Bytes): boolean {
  const nested = bodyKind === 'nested' ? decodeBody.nested(bodyContent) : null;
  const [only, another] = nested?.ok === true ? nested.value : [];
  const inner = only === undefined || another !== undefined ? null : decodeMessage(only);
  const own = inner?.ok === true ? inner.value.header.recipNonce : null;
  return own !== null && equalBytes(own, nonce);
}

/**
 * Finds messages that repeat the octets of the first or of the latest message of the transaction.
 */
export const REPETITION: Check = {
  id: 'C1',
  examine: async ({ repetition }) => ((await repetition()) === null ? null : 'repeated'),
};

const NONCE_OCTETS_MIN = 16;
const NONCE_OCTETS_MAX = 64;

export const SENDER_NONCE: Check = {
  id: 'C4',
  examine: async ({ message: { header }, transaction, profiles }) => {
    const nonce = header.senderNonce;
    if (nonce === null) return refused('badSenderNonce', 'senderNonce must be present');
    if (nonce.length < NONCE_OCTETS_MIN || nonce.length > NONCE_OCTETS_MAX)
      return refused(
        'badSenderNonce',
        `senderNonce must have ${NONCE_OCTETS_MIN} to ${NONCE_OCTETS_MAX} octets, not ${nonce.length}`,
      );
    const known = await transaction();
    // RFC 9483 3.1 wants fresh nonces; a conformance suite sends one in a whole transaction.
    if (isForSuite(profiles.get(known?.profile ?? ''))) return null;
    const used = known?.clientNonces ?? [];
    return used.some((one) => equalBytes(one, nonce))
      ? refused('badSenderNonce', 'senderNonce was used before in this transaction')
      : null;
  },
};

const ID_OCTETS_MIN = 16;
const ID_OCTETS_MAX = 32;

export const TRANSACTION_ID_LENGTH: Check = {
  id: 'C3',
  examine: ({ message: { header } }) => {
    const octets = header.transactionID?.length ?? 0;
    return octets >= ID_OCTETS_MIN && octets <= ID_OCTETS_MAX
      ? null
      : refused('badRequest', `transactionID must have ${ID_OCTETS_MIN} to ${ID_OCTETS_MAX} octets, not ${octets}`);
  },
};

export const TRANSACTION_ID: Check = {
  id: 'C2',
  examine: ({ message: { header }, isFirst }) =>
    header.transactionID !== null
      ? null
      : refused(isFirst ? 'badDataFormat' : 'badRequest', 'transactionID must be present'),
};
