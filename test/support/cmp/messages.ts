/** What tests do with encoded CMP messages. */
import assert from 'node:assert/strict';
import { decodeBody, encodeBody } from '../../../src/cmp/bodies.js';
import { certRequest } from '../../../src/cmp/crmf.js';
import { decodeMessage, encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import type { BodyKind, BodyValues, CertReqMsg, PkiMessage } from '../../../src/cmp/model.js';
import type { Bytes } from '../../../src/kernel/bytes.js';

/** Decodes a message that must be well-formed. */
export function decoded(octets: Bytes): PkiMessage {
  const message = decodeMessage(octets);
  assert.ok(message.ok, JSON.stringify(message));
  return message.value;
}

/** The content of the body, which must be of this kind. */
export function contentOf<Kind extends BodyKind>(message: PkiMessage, kind: Kind): BodyValues[Kind] {
  assert.equal(message.bodyKind, kind);
  const content = decodeBody[kind](message.bodyContent);
  assert.ok(content.ok, JSON.stringify(content));
  return content.value;
}

/** Encodes a decoded message again, from the values alone. */
export function encodedAgain(message: PkiMessage): Bytes {
  const bodyContent = bodyAgain(message.bodyKind, message);
  return encodeMessage(
    encodeProtectedPart({ header: message.header, bodyKind: message.bodyKind, bodyContent }),
    message,
  );
}

function bodyAgain<Kind extends BodyKind>(kind: Kind, message: PkiMessage): Bytes {
  const value: unknown = contentOf(message, kind);
  const isRequest = kind === 'ir' || kind === 'cr' || kind === 'kur';
  const again = isRequest ? (value as readonly CertReqMsg[]).map(requestAgain) : value;
  return encodeBody[kind](again as BodyValues[Kind]);
}

/** A request keeps its octets, so that they have to be made from the fields. */
function requestAgain({ request, proof }: CertReqMsg): CertReqMsg {
  return { request: certRequest(request), proof };
}
