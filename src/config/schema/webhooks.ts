/** Where events are sent. */
import { WANTED_TOPICS } from '../../orders/webhooks.js';

const WEBHOOK_URL_CHARACTERS_MAX = 2_048;

export const webhooksSchema = {
  description: 'Endpoints that get events over HTTPS (ops/webhooks.md).',
  type: 'array',
  maxItems: 16,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'url', 'topics'],
    properties: {
      name: {
        description: 'The name in the API, in logs and in metrics. Deliveries are kept under it.',
        type: 'string',
        pattern: '^[a-z][a-z0-9-]{0,30}$',
      },
      url: {
        description: 'An https URL; in development also http to this machine.',
        type: 'string',
        pattern: '^https?://[!-~]+$',
        maxLength: WEBHOOK_URL_CHARACTERS_MAX,
      },
      ca: {
        description:
          'PEM file with the CAs that may issue the server certificate. Default: the public CAs that Node has.',
        type: 'string',
        minLength: 1,
      },
      topics: {
        description: 'Topics, or all topics of a kind: `order.*`.',
        type: 'array',
        minItems: 1,
        maxItems: 32,
        uniqueItems: true,
        items: { enum: WANTED_TOPICS },
      },
      accounts: {
        description: 'Only events of these accounts, and of none. Default: of all accounts.',
        type: 'array',
        minItems: 1,
        maxItems: 64,
        uniqueItems: true,
        items: { type: 'string', minLength: 1, maxLength: 128 },
      },
      networks: {
        description:
          'Networks (CIDR) in which the endpoint may be. Default: none; then its address must be one of the public ' +
          'Internet.',
        type: 'array',
        maxItems: 16,
        uniqueItems: true,
        items: { type: 'string', maxLength: 64 },
        default: [],
      },
    },
  },
  default: [],
} as const;

export type WebhookConfig = {
  readonly name: string;
  readonly url: string;
  readonly ca?: string;
  readonly topics: readonly string[];
  readonly accounts?: readonly string[];
  readonly networks: readonly string[];
};
