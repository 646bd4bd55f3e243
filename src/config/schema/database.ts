/** The database: SQLite or PostgreSQL. */
import { tlsToServer } from './connect.js';

const postgresql = {
  additionalProperties: false,
  required: ['host', 'database', 'user'],
  properties: {
    kind: { const: 'postgresql' },
    host: {
      description:
        'A host name, an address, or the folder of a Unix socket. For several servers, a name that always resolves to ' +
        'the primary.',
      type: 'string',
      minLength: 1,
    },
    port: { type: 'integer', minimum: 1, maximum: 65535, default: 5432 },
    database: { type: 'string', minLength: 1, maxLength: 63 },
    user: { type: 'string', minLength: 1, maxLength: 63 },
    passwordFile: {
      description:
        'A file that belongs to the user of the service, mode 0400 or 0600. Without it the server must authenticate the ' +
        'service in another way (peer).',
      type: 'string',
    },
    tls: tlsToServer({
      serverName: {
        description: 'Name in the server certificate. Default: the host.',
        type: 'string',
        minLength: 1,
      },
    }),
    connectionsMax: {
      description: 'Limit of connections of each process of the service.',
      type: 'integer',
      minimum: 5,
      maximum: 100,
      default: 10,
    },
  },
} as const;

export const databaseSchema = {
  description: 'SQLite in the home folder, for one node, or a PostgreSQL server, which several nodes can share.',
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [{ additionalProperties: false, properties: { kind: { const: 'sqlite' } } }, postgresql],
  default: { kind: 'sqlite' },
} as const;

export type PostgresqlConfig = {
  readonly kind: 'postgresql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly tls?: { readonly ca: string; readonly serverName?: string };
  readonly connectionsMax: number;
};

export type DatabaseConfig = { readonly kind: 'sqlite' } | PostgresqlConfig;
