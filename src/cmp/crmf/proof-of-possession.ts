/** ProofOfPossession (RFC 4211 section 4), whose module has implicit tags. */
import {
  bitString,
  bitStringOctets,
  contextTag,
  type DerElement,
  explicit,
  fieldsOf,
  malformed,
  TAG,
} from '../../asn1/der-reader.js';
import {
  contextConstructed,
  contextPrimitive,
  bitString as encodeBitString,
  explicit as encodeExplicit,
} from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { asSequence, encodeImplicitNumber, readAlgorithmIdentifier, retagged, wholeNumber } from '../elements.js';
import type { PopPrivKeyMethod, ProofOfPossession } from '../model.js';

const PROOF = {
  raVerified: contextTag(0, 'primitive'),
  signature: contextTag(1, 'constructed'),
  keyEncipherment: contextTag(2, 'constructed'),
  keyAgreement: contextTag(3, 'constructed'),
} as const;
const PROOF_TAGS: readonly number[] = Object.values(PROOF);

/** Whether an element is one of the alternatives; for use inside `parseDer`, as the others. */
export function isProofTag(tag: number): boolean {
  return PROOF_TAGS.includes(tag);
}

export function readProof(element: DerElement): ProofOfPossession {
  switch (element.tag) {
    case PROOF.raVerified:
      return element.content.length === 0
        ? { kind: 'raVerified' }
        : malformed(element, 'raVerified: NULL with content');
    case PROOF.signature:
      return readSigningKey(element);
    case PROOF.keyEncipherment:
      return { kind: 'keyEncipherment', method: readMethod(explicit(element, 'keyEncipherment')) };
    case PROOF.keyAgreement:
      return { kind: 'keyAgreement', method: readMethod(explicit(element, 'keyAgreement')) };
    default:
      return malformed(element, 'popo: no alternative of ProofOfPossession');
  }
}

/** POPOSigningKey (4.1). */
function readSigningKey(element: DerElement): ProofOfPossession {
  const fields = fieldsOf(element, 'signature');
  const input = fields.optional(contextTag(0, 'constructed'));
  const algorithm = readAlgorithmIdentifier(fields.next(TAG.sequence, 'algorithmIdentifier'), 'algorithmIdentifier');
  const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
  fields.end();
  return { kind: 'signature', poposkInput: input === null ? null : asSequence(input), algorithm, signature };
}

const METHOD = {
  thisMessage: contextTag(0, 'primitive'),
  subsequentMessage: contextTag(1, 'primitive'),
  dhMAC: contextTag(2, 'primitive'),
  agreeMAC: contextTag(3, 'constructed'),
  encryptedKey: contextTag(4, 'constructed'),
} as const;

const SUBSEQUENT_MESSAGES = ['encrCert', 'challengeResp'] as const;

/** POPOPrivKey (4.2). */
function readMethod(element: DerElement): PopPrivKeyMethod {
  const der = element.whole;
  switch (element.tag) {
    case METHOD.thisMessage:
      bitString(element, 'thisMessage', METHOD.thisMessage);
      return { kind: 'thisMessage', der };
    case METHOD.subsequentMessage: {
      const message = SUBSEQUENT_MESSAGES[wholeNumber(element, 'subsequentMessage', METHOD.subsequentMessage)];
      if (message === undefined) return malformed(element, 'subsequentMessage: neither encrCert nor challengeResp');
      return { kind: 'subsequentMessage', message };
    }
    case METHOD.dhMAC:
      bitString(element, 'dhMAC', METHOD.dhMAC);
      return { kind: 'dhMAC', der };
    case METHOD.agreeMAC:
      return { kind: 'agreeMAC', der };
    case METHOD.encryptedKey:
      return { kind: 'encryptedKey', der };
    default:
      return malformed(element, 'popo: no alternative of POPOPrivKey');
  }
}

export function encodeProof(proof: ProofOfPossession): Bytes {
  switch (proof.kind) {
    case 'raVerified':
      return contextPrimitive(0, new Uint8Array());
    case 'signature': {
      const { poposkInput, algorithm, signature } = proof;
      const input = poposkInput === null ? [] : [retagged(poposkInput, contextTag(0, 'constructed'))];
      return contextConstructed(1, ...input, algorithm.der, encodeBitString(signature));
    }
    case 'keyEncipherment':
      return encodeExplicit(2, encodeMethod(proof.method));
    case 'keyAgreement':
      return encodeExplicit(3, encodeMethod(proof.method));
  }
}

function encodeMethod(method: PopPrivKeyMethod): Bytes {
  if (method.kind !== 'subsequentMessage') return method.der;
  return encodeImplicitNumber(1, SUBSEQUENT_MESSAGES.indexOf(method.message));
}
