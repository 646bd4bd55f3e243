/**
 * The configuration file named by `PFCNG_CONFIG`. The development default needs none: every member has a default.
 * Unknown keys are refused. The descriptions are the reference documentation.
 */
import { type OcspConfig, ocspSchema } from './ocsp.js';

const address = (port: number) =>
  ({
    type: 'object',
    additionalProperties: false,
    properties: {
      host: { type: 'string', minLength: 1, default: '127.0.0.1' },
      port: { type: 'integer', minimum: 0, maximum: 65535, default: port },
    },
    default: {},
  }) as const;

const pinSource = {
  type: 'object',
  additionalProperties: false,
  required: ['from'],
  properties: {
    from: {
      description:
        '`file`: `pins/<token>.pin` in the home folder, mode 0400. `credential`: `<token>.pin` of the unit, by systemd. ' +
        '`officer`: typed at each start, into `pfcng signer unlock <token>`.',
      enum: ['file', 'credential', 'officer'],
    },
  },
} as const;

const environmentOfLibrary = {
  description:
    'Variables that the PKCS#11 library reads, as the place of its configuration file; given to the signers. No secrets.',
  type: 'object',
  propertyNames: { pattern: '^(?!LD_|NODE_|PFCNG_|SOFTHSM2_|UV_|PATH$)[A-Za-z][A-Za-z0-9_]*$' },
  additionalProperties: { type: 'string' },
} as const;

const replica = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { description: 'The name of the token that it replicates, a hyphen, one letter or digit.', type: 'string' },
    label: {
      description:
        'The label of the replica: `own`, made of its own name, or `original`, that of the token that it is a clone of.',
      enum: ['own', 'original'],
      default: 'own',
    },
    module: { description: 'PKCS#11 library, where it is another HSM’s.', type: 'string' },
    environment: { ...environmentOfLibrary, description: 'Instead of `pkcs11.environment`.' },
  },
} as const;

const outletName = {
  description: 'Of logs, metrics and `/readyz`.',
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
      description: 'A folder that a web server gives out: `CRL` and `AC` are made in it.',
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
      description: 'Server that takes changes: `ldaps://host`, `ldap://host:port`.',
      type: 'string',
      pattern: '^ldaps?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$',
    },
    bindDn: { description: 'Who may write the entries of the authorities.', type: 'string', minLength: 1 },
    passwordFile: { description: 'A file of the user of the service, mode 0400 or 0600.', type: 'string' },
    tls: {
      description: 'Required unless the server is on this machine. Its certificate is always verified.',
      type: 'object',
      additionalProperties: false,
      required: ['ca'],
      properties: {
        ca: { description: 'PEM file with the authorities that may vouch for the server.', type: 'string' },
        startTls: {
          description: 'With `ldap://`: encrypted from then on (RFC 4511 4.14).',
          type: 'boolean',
          default: false,
        },
      },
    },
  },
} as const;

const publication = {
  description: 'Where lists and CA certificates go beside the publication address of the service (ops/publication.md).',
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
    peers: {
      description:
        'Publication addresses of the other services on this database, from which lists that they made are fetched.',
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', pattern: '^http://[^/]+$' },
      default: [],
    },
    selfCheckSeconds: {
      description: 'How often the addresses in certificates are fetched and verified; 0: never.',
      type: 'integer',
      minimum: 0,
      maximum: 86400,
      default: 300,
    },
  },
  default: {},
} as const;

const socketGroup = {
  description: 'Name of a group in /etc/group.',
  type: 'string',
  pattern: '^[a-z_][a-z0-9_-]{0,31}$',
} as const;

export const CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'PFCNG configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    environment: {
      description:
        'The environment file of the policies; its mark must be that of the home folder, tokens and database.',
      enum: ['development', 'production'],
      default: 'development',
    },
    policies: { description: 'Folder of the policy files; default: those of the package.', type: 'string' },
    blockedKeys: {
      description:
        'Files with more keys that are certified for nobody, beside blocked-keys.txt of the policies and in its form (ops/keys.md).',
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      default: [],
    },
    listen: {
      type: 'object',
      additionalProperties: false,
      properties: {
        api: { ...address(8443), description: 'mTLS: REST for card management systems and officers.' },
        publication: { ...address(8080), description: 'Plain HTTP for relying parties: OCSP, CRLs, CA certificates.' },
        operators: { ...address(9090), description: 'Plain HTTP for operators: health, readiness, metrics.' },
      },
      default: {},
    },
    publicAddress: {
      description:
        "Base address written into certificates instead of the environment's (development only: tests on other ports).",
      type: 'string',
      pattern: '^http://[^/]+$',
    },
    tls: {
      description: 'Server certificate chain and key of the API, PEM files; default: made by the platform itself.',
      type: 'object',
      additionalProperties: false,
      required: ['certificate', 'key'],
      properties: { certificate: { type: 'string' }, key: { type: 'string' } },
    },
    accountAuthorities: {
      description: 'Issuing CAs whose certificates may vouch for accounts.',
      type: 'array',
      items: { type: 'string' },
      default: ['aci-el-org', 'aci-fo-pp'],
    },
    accessAuthorities: {
      description:
        'CAs outside of the hierarchies whose certificates vouch for officers and for nobody else (ops/break-glass.md). Each by ' +
        'its certificate (DER or PEM, absolute or in the home folder) and the SHA-256 of it (DER, hex).',
      type: 'array',
      maxItems: 4,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'certificate', 'sha256'],
        properties: {
          id: { type: 'string', pattern: '^access(-[2-9])?$' },
          certificate: { type: 'string', minLength: 1 },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        },
      },
      default: [],
    },
    database: {
      description: 'SQLite in the home folder, for one node; or a PostgreSQL server, which several nodes may share.',
      type: 'object',
      required: ['kind'],
      discriminator: { propertyName: 'kind' },
      oneOf: [
        { additionalProperties: false, properties: { kind: { const: 'sqlite' } } },
        {
          additionalProperties: false,
          required: ['host', 'database', 'user'],
          properties: {
            kind: { const: 'postgresql' },
            host: {
              description:
                'A name, an address, or the folder of a Unix socket. Several servers: a name that follows the primary.',
              type: 'string',
              minLength: 1,
            },
            port: { type: 'integer', minimum: 1, maximum: 65535, default: 5432 },
            database: { type: 'string', minLength: 1, maxLength: 63 },
            user: { type: 'string', minLength: 1, maxLength: 63 },
            passwordFile: {
              description:
                'A file of the user of the service, mode 0400 or 0600. Without it the server must know us otherwise (peer).',
              type: 'string',
            },
            tls: {
              description: 'Required unless the server is on this machine. The server certificate is always verified.',
              type: 'object',
              additionalProperties: false,
              required: ['ca'],
              properties: {
                ca: { description: 'PEM file with the authorities that may vouch for the server.', type: 'string' },
                serverName: {
                  description: 'Name in its certificate; default: the host.',
                  type: 'string',
                  minLength: 1,
                },
              },
            },
            connectionsMax: {
              description: 'Of each process of ours.',
              type: 'integer',
              minimum: 4,
              maximum: 100,
              default: 10,
            },
          },
        },
      ],
      default: { kind: 'sqlite' },
    },
    pkcs11: {
      type: 'object',
      additionalProperties: false,
      properties: {
        module: { description: 'PKCS#11 library; default: SoftHSM where it is found.', type: 'string' },
        environment: environmentOfLibrary,
        requestDeadlineMs: { type: 'integer', minimum: 100, maximum: 60000, default: 3000 },
        replicas: {
          description:
            'Other tokens that hold the keys of a CA or OCSP token, by its name: `{ "ca-fort": [{ "name": "ca-fort-b" }] }`. They are a ' +
            'signer group: each has its own signer, and requests go to those that are well (ops/signers.md).',
          type: 'object',
          additionalProperties: { type: 'array', items: replica, maxItems: 8 },
          default: {},
        },
        pins: {
          description: 'Where the PINs of the tokens come from (ops/signers.md has the price of each).',
          type: 'object',
          additionalProperties: false,
          properties: {
            default: { ...pinSource, default: { from: 'file' } },
            tokens: {
              description: 'Of single tokens, by name: `{ "ca-fort": { "from": "officer" } }`.',
              type: 'object',
              propertyNames: { pattern: '^((ca|ocsp)-(fort|standard|elementaire)|platform)(-[a-z0-9]+)?$' },
              additionalProperties: pinSource,
              default: {},
            },
          },
          default: {},
        },
      },
      default: {},
    },
    signers: {
      description: '`supervised`: the service starts the signers itself. `external`: they are units of their own.',
      enum: ['supervised', 'external'],
      default: 'supervised',
    },
    signerSockets: {
      description:
        'Where signers run under users of their own: the folder that has a folder of sockets for each token, and the group of ' +
        'each caller role. Default: in the home folder, for its own user alone.',
      type: 'object',
      additionalProperties: false,
      required: ['folder'],
      properties: {
        folder: { type: 'string', pattern: '^/.{1,40}$' },
        groups: {
          type: 'object',
          additionalProperties: false,
          required: ['api', 'worker', 'responder'],
          properties: { api: socketGroup, worker: socketGroup, responder: socketGroup },
        },
      },
    },
    publication,
    ocsp: ocspSchema,
    log: {
      type: 'object',
      additionalProperties: false,
      properties: { level: { enum: ['debug', 'info', 'warn', 'error', 'silent'], default: 'info' } },
      default: {},
    },
  },
} as const;

export type Address = { readonly host: string; readonly port: number };
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
export type Replica = {
  readonly name: string;
  readonly label: 'own' | 'original';
  readonly module?: string;
  readonly environment?: Readonly<Record<string, string>>;
};
export type PinOrigin = { readonly from: 'file' | 'credential' | 'officer' };
export type SignerSockets = {
  readonly folder: string;
  readonly groups?: Readonly<Record<'api' | 'worker' | 'responder', string>>;
};
export type LdapOutletConfig = {
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
export type ConfigFile = {
  readonly environment: 'development' | 'production';
  readonly policies?: string;
  readonly blockedKeys: readonly string[];
  readonly listen: { readonly api: Address; readonly publication: Address; readonly operators: Address };
  readonly publicAddress?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly accountAuthorities: readonly string[];
  readonly accessAuthorities: readonly { readonly id: string; readonly certificate: string; readonly sha256: string }[];
  readonly database: { readonly kind: 'sqlite' } | PostgresqlConfig;
  readonly pkcs11: {
    readonly module?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly requestDeadlineMs: number;
    /** By the name of the token whose keys they have. */
    readonly replicas: Readonly<Record<string, readonly Replica[]>>;
    readonly pins: { readonly default: PinOrigin; readonly tokens: Readonly<Record<string, PinOrigin>> };
  };
  readonly signerSockets?: SignerSockets;
  readonly signers: 'supervised' | 'external';
  readonly publication: {
    readonly outlets: readonly OutletConfig[];
    readonly peers: readonly string[];
    readonly selfCheckSeconds: number;
  };
  readonly ocsp: OcspConfig;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' };
};
