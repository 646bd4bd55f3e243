/**
 * The strict reader of what a CMP key signs: the ProtectedPart of an answer (RFC 9810 5.1.3). A
 * compromised service can have answers signed, with any content, in the name of each CA that has
 * certified the key; but no request, no certificate, and no answer of any other CA. The reader is
 * independent of the codec that writes the answers (`src/cmp`).
 */
import {
  contextTag,
  type DerElement,
  explicit,
  generalizedTime,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
} from '../../src/asn1/der-reader.js';
import { OID } from '../../src/asn1/oids.js';
import { type Bytes, equalBytes } from '../../src/kernel/bytes.js';
import type { Instant } from '../../src/kernel/clock.js';
import { MINUTE_MS } from '../../src/kernel/duration.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Refusal } from './answers.js';

/**
 * Tags of the bodies that are answers: ip, cp, kup, rp, pkiconf, genp, error, pollRep (RFC 9810
 * 5.1.2).
 */
const ANSWER_TAGS: readonly number[] = [1, 3, 8, 12, 19, 22, 23, 26].map((number) => contextTag(number, 'constructed'));
/** Tag of the body `nested`, whose messages must be answers too. */
const NESTED_TAG = contextTag(20, 'constructed');
const VERSIONS: ReadonlySet<number> = new Set([2, 3]);
const CLOCKS_DIFFER_MS_MAX = 5 * MINUTE_MS;
/** Tag of directoryName in GeneralName (RFC 5280 4.2.1.6). */
const DIRECTORY_NAME = contextTag(4, 'constructed');
/**
 * Tag numbers of the members of a header that are not checked: senderKID, recipKID, transactionID,
 * senderNonce, recipNonce, freeText, generalInfo.
 */
const OTHER_MEMBERS = [2, 3, 4, 5, 6, 7, 8] as const;

type CmpAnswerScope = {
  /** DER of the subjects of the certificates of the key. */
  readonly senders: readonly Bytes[];
  readonly now: Instant;
};

/**
 * Checks that the bytes are exactly one ProtectedPart that the key may sign. The error is the
 * refusal.
 */
export function readCmpAnswer(bytes: Bytes, { senders, now }: CmpAnswerScope): Result<void, Refusal> {
  const read = parseDer(bytes, (root) => {
    const part = sequence(root, 'ProtectedPart');
    const header = readHeader(part.any('header'));
    const body = part.any('body');
    part.end();
    return { ...header, bodyTags: bodyTagsIn(body) };
  });
  if (!read.ok) return refuse('cmp-form', `octet ${read.error.offset}: ${read.error.rule}`);
  const { version, sender, messageTime, algorithm, bodyTags } = read.value;
  if (!VERSIONS.has(version)) return refuse('cmp-version', `pvno ${version}`);
  if (!senders.some((name) => equalBytes(name, sender)))
    return refuse('cmp-sender', 'the sender is not the subject of a certificate of this key');
  if (Math.abs(messageTime - now) > CLOCKS_DIFFER_MS_MAX)
    return refuse('cmp-time', 'messageTime is more than five minutes from the present time');
  if (algorithm !== OID.ecdsaWithSha256) return refuse('cmp-algorithm', `protectionAlg is ${algorithm}`);
  const other = bodyTags.find((tag) => !ANSWER_TAGS.includes(tag));
  return other === undefined ? ok(undefined) : refuse('cmp-body', `the body with the tag ${other} is not an answer`);
}

/**
 * Returns the tag of a body, or for a nested body the tags of the bodies in its messages (RFC 9810
 * 5.1.3.4).
 */
function bodyTagsIn(body: DerElement): readonly number[] {
  const content = explicit(body, 'body');
  if (body.tag !== NESTED_TAG) return [body.tag];
  const messages = sequenceOf(content, 'nested');
  if (messages.length === 0) malformed(content, 'nested has no message');
  return messages.map((message) => {
    const members = sequence(message, 'a message in nested');
    members.any('header');
    return members.any('body').tag;
  });
}

function refuse(rule: string, detail: string): Result<never, Refusal> {
  return err({ rule, detail });
}

type Header = {
  readonly version: number;
  /** The Name of the sender, DER. */
  readonly sender: Bytes;
  readonly messageTime: Instant;
  /** The OBJECT IDENTIFIER of protectionAlg, dotted decimal. */
  readonly algorithm: string;
};

/**
 * Reads a PKIHeader (RFC 9810 5.1.1). All of its tags are explicit, and its members are in
 * ascending order.
 */
function readHeader(element: DerElement): Header {
  const fields = sequence(element, 'header');
  const version = smallInteger(fields.any('pvno'), 'pvno');
  const sender = explicit(fields.next(DIRECTORY_NAME, 'sender'), 'sender').whole;
  fields.any('recipient');
  const member = (number: number) => fields.optional(contextTag(number, 'constructed'));
  const time = member(0) ?? malformed(element, 'messageTime is missing');
  const algorithm = member(1) ?? malformed(element, 'protectionAlg is missing');
  const others = OTHER_MEMBERS.flatMap((number) => member(number) ?? []);
  fields.end();
  for (const other of others) explicit(other, 'a member of the header');
  const identifier = sequence(explicit(algorithm, 'protectionAlg'), 'protectionAlg');
  const oid = objectIdentifier(identifier.any('algorithm'), 'algorithm');
  identifier.end();
  const messageTime = generalizedTime(explicit(time, 'messageTime'), 'messageTime');
  return { version, sender, messageTime, algorithm: oid };
}
