/**
 * Schemas of what an order produces (receipt, bundle), of acknowledgements of its cards, and of the
 * public keys that verify receipts.
 */
import { LIMITS } from '../../../kernel/limits.js';
import { ACKNOWLEDGEMENT_RESULTS } from '../../../operations/orders/acknowledge-cards.js';
import { ACKNOWLEDGED_OUTCOMES, STORED_ACKNOWLEDGEMENTS } from '../../../ports/store/orders/acknowledgements.js';
import { instant, nullable, object, sha256, text, violationOfLine } from './parts.js';

const order = { type: 'string', description: 'Id of the order.' } as const;
const line = { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Number of the line, from 1.' } as const;

export const receipt = object(
  {
    receipt: {
      type: 'string',
      description: 'Canonical JSON (RFC 8785): what was asked for and what became of it, with the hashes of the files.',
    },
    signature: {
      type: 'string',
      description:
        'ECDSA with SHA-256, DER in base64, over the octets "PFCNG receipt v1", one zero octet, and receipt.',
    },
    key: sha256('Id of the key, as in GET /v1/keys.'),
    logProof: { type: 'null', description: 'Reserved.' },
  },
  ['receipt', 'signature', 'key', 'logProof'],
);

/**
 * A line of the bundle: the head, a card, or the end. One schema describes all three, so no member
 * is required.
 */
export const bundleLine = {
  type: 'object',
  required: [],
  properties: {
    form: { type: 'string', const: 'pfcng-card-bundle-1', description: 'In the first line.' },
    order,
    environment: { type: 'string', description: 'In the first line.' },
    chains: {
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'string' }, description: 'DER in base64.' },
      description: 'In the first line: for each CA its certificate and those above it, DER in base64.',
    },
    line,
    card: { type: 'string', description: 'Token id of the card.' },
    outcome: {
      type: 'string',
      enum: ['issued', 'duplicate'],
      description: 'duplicate: its certificates existed before this order.',
    },
    certificates: {
      type: 'array',
      description: 'The certificates to write on the card.',
      items: object(
        {
          container: nullable({ type: 'string', description: 'The container of the card; null: none is named.' }),
          profile: { type: 'string', description: 'Profile id.' },
          issuer: { type: 'string', description: 'Generation of the CA, a name of chains.' },
          id: { type: 'string', description: 'Id of the certificate on this platform.' },
          sha256: sha256('SHA-256 of the certificate.'),
          certificate: { type: 'string', description: 'DER in base64.' },
        },
        ['container', 'profile', 'issuer', 'id', 'sha256', 'certificate'],
      ),
    },
    end: { type: 'boolean', const: true, description: 'In the last line.' },
    lines: { type: 'integer', description: 'In the last line: how many cards are before it.' },
  },
} as const;

export const cardReport = object(
  {
    line,
    card: text(40, 'Token id of the card.'),
    outcome: {
      type: 'string',
      enum: ACKNOWLEDGED_OUTCOMES,
      description: 'failed: it is tried again. scrapped: the card is destroyed, and its certificates are revoked.',
    },
    onCard: {
      type: 'array',
      maxItems: 2 * LIMITS.certificatesPerCardMax,
      items: sha256('SHA-256 of a certificate (DER) that was read back from the card.'),
      description: 'What the card holds, read back after writing.',
    },
    at: instant('When the card was written.'),
  },
  ['line', 'card', 'outcome', 'onCard', 'at'],
);

export const cardAnswer = object(
  {
    line: { ...nullable(line), description: 'Number of the line of the order; null: it could not be read.' },
    result: {
      type: 'string',
      enum: [...ACKNOWLEDGEMENT_RESULTS, 'invalid'],
      description: 'What became of the report; invalid: the line could not be read.',
    },
    live: { type: 'boolean', description: 'false: the card must not leave the bureau.' },
    position: { type: 'integer', description: 'Of an invalid line: its number in this upload, from 1.' },
    violations: { type: 'array', items: violationOfLine, description: 'Of an invalid line.' },
  },
  ['line', 'result', 'live'],
);

export const acknowledgement = object(
  {
    line,
    attempt: { type: 'integer', minimum: 1, description: 'Counts the reports about the line, from 1.' },
    outcome: { type: 'string', enum: ACKNOWLEDGED_OUTCOMES, description: 'What the card bureau reported.' },
    onCard: {
      type: 'array',
      items: { type: 'string' },
      description: 'SHA-256 of the certificates (DER) that were read back from the card.',
    },
    account: { type: 'string', description: 'The account that reported it.' },
    result: { type: 'string', enum: STORED_ACKNOWLEDGEMENTS, description: 'What the comparison with the order gave.' },
    at: instant('When the card was written.'),
    receivedAt: instant('When it was reported.'),
  },
  ['line', 'attempt', 'outcome', 'onCard', 'account', 'result', 'at', 'receivedAt'],
);

const key = object(
  {
    id: sha256('SHA-256 of the SubjectPublicKeyInfo.'),
    purposes: {
      type: 'array',
      items: { type: 'string', enum: ['receipt', 'webhook'] },
      description: 'What it signs.',
    },
    algorithm: { type: 'string', const: 'ecdsa-p256-sha256', description: 'As RFC 9421 3.3 names it.' },
    publicKey: { type: 'string', description: 'PEM.' },
  },
  ['id', 'purposes', 'algorithm', 'publicKey'],
);

export const keys = object({ keys: { type: 'array', items: key, description: 'The key of the platform.' } }, ['keys']);
