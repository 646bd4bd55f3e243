/**
 * Where CRLs and CA certificates are published, in addition to the publication address of the
 * service.
 */
import { tlsToServer } from './connect.js';

const outletName = {
  description: 'The name in logs, in metrics and in `/readyz`.',
  type: 'string',
  pattern: '^(?!home$)[a-z][a-z0-9-]{0,30}$',
} as const;

const directoryOutlet = {
  additionalProperties: false,
  required: ['name', 'path'],
  properties: {
    kind: { const: 'directory' },
    name: outletName,
    path: {
      description: 'A folder that a web server serves. The folders `CRL` and `AC` are created in it.',
      type: 'string',
      pattern: '^/',
    },
  },
} as const;

const ldapOutlet = {
  additionalProperties: false,
  required: ['name', 'url', 'bindDn', 'passwordFile'],
  properties: {
    kind: { const: 'ldap' },
    name: outletName,
    url: {
      description: 'A server that accepts changes: `ldaps://host`, `ldap://host:port`.',
      type: 'string',
      pattern: '^ldaps?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$',
    },
    bindDn: { description: 'A user that may write the entries of the CAs.', type: 'string', minLength: 1 },
    passwordFile: {
      description: 'A file that belongs to the user of the service, mode 0400 or 0600.',
      type: 'string',
    },
    tls: tlsToServer({
      startTls: {
        description: 'Use StartTLS with `ldap://` (RFC 4511 4.14).',
        type: 'boolean',
        default: false,
      },
    }),
  },
} as const;

export const publicationSchema = {
  description:
    'Where CRLs and CA certificates are published, in addition to the publication address of the service ' +
    '(ops/publication.md).',
  type: 'object',
  additionalProperties: false,
  properties: {
    outlets: {
      type: 'array',
      maxItems: 8,
      items: {
        type: 'object',
        required: ['kind'],
        discriminator: { propertyName: 'kind' },
        oneOf: [directoryOutlet, ldapOutlet],
      },
      default: [],
    },
    selfCheckSeconds: {
      description: 'How often the addresses in certificates are downloaded and verified; 0: never.',
      type: 'integer',
      minimum: 0,
      maximum: 86400,
      default: 300,
    },
  },
  default: {},
} as const;

type LdapOutletConfig = {
  readonly kind: 'ldap';
  readonly name: string;
  readonly url: string;
  readonly bindDn: string;
  readonly passwordFile: string;
  readonly tls?: { readonly ca: string; readonly startTls: boolean };
};

export type OutletConfig =
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | LdapOutletConfig;

export type PublicationConfig = {
  readonly outlets: readonly OutletConfig[];
  readonly selfCheckSeconds: number;
};
