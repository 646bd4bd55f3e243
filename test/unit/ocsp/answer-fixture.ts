/** A response `good` of a made-up responder, for tests of the encoder and the lint. */
import { generateKeyPairSync } from 'node:crypto';
import { seq } from '../../../src/asn1/der-writer.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import type { OcspLintContext } from '../../../src/lint/ocsp/lint.js';
import { encodeResponseData, type ResponseContent } from '../../../src/ocsp/encode.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { certIdOf, ISSUER, SERIAL } from './fixture.js';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(key.publicKey.export({ format: 'der', type: 'spki' }));

export const AT = Date.parse('2026-03-01T10:00:00Z');
export const RESPONDER = { subjectDer: seq(), spki };
export const OCSP_CONTEXT: OcspLintContext = { issuer: ISSUER, responder: RESPONDER, lifeMsMax: HOUR_MS };

export const CONTENT: ResponseContent = {
  responderId: { by: 'key', keyHash: subjectKeyIdentifier(spki) },
  producedAt: AT,
  responses: [{ certIdDer: certIdOf(SERIAL), status: { kind: 'good' }, thisUpdate: AT, nextUpdate: AT + HOUR_MS }],
  nonce: null,
};

export const GOOD_ANSWER = encodeResponseData(CONTENT);
