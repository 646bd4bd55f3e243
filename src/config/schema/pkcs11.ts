/** The PKCS#11 library, the tokens and their PINs, and the sockets of the signers. */
const pinSource = {
  type: 'object',
  additionalProperties: false,
  required: ['from'],
  properties: {
    from: {
      description:
        '`file`: `pins/<token>.pin` in the home folder, mode 0400. `credential`: the systemd credential `<token>.pin` ' +
        'of the unit. `officer`: an officer types it after each start, with `pfcng signer unlock <token>`.',
      enum: ['file', 'credential', 'officer'],
    },
  },
} as const;

const libraryEnvironment = {
  description:
    'Environment variables that the PKCS#11 library reads, e.g. the path of its configuration file. The signers get ' +
    'them. They must not contain secrets.',
  type: 'object',
  propertyNames: { pattern: '^(?!LD_|NODE_|PFCNG_|SOFTHSM2_|UV_|PATH$)[A-Za-z][A-Za-z0-9_]*$' },
  additionalProperties: { type: 'string' },
} as const;

const replica = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      description: 'The name of the token that it replicates, a hyphen, and one letter or digit.',
      type: 'string',
    },
    label: {
      description:
        'The label of the replica: `own`, made from its own name, or `original`, the label of the token it clones.',
      enum: ['own', 'original'],
      default: 'own',
    },
    module: { description: 'PKCS#11 library, if the replica is in another HSM.', type: 'string' },
    environment: { ...libraryEnvironment, description: 'Replaces `pkcs11.environment`.' },
  },
} as const;

export const pkcs11Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    module: { description: 'PKCS#11 library. Default: SoftHSM, if it is installed.', type: 'string' },
    environment: libraryEnvironment,
    requestDeadlineMs: { type: 'integer', minimum: 100, maximum: 60000, default: 3000 },
    ocspJournalDays: {
      description: 'Days after which OCSP signers delete what they have written into their journals.',
      type: 'integer',
      minimum: 1,
      maximum: 3650,
      default: 90,
    },
    replicas: {
      description:
        'Other tokens with the keys of a CA or OCSP token, by its name: `{ "ca-fort": [{ "name": "ca-fort-b" }] }`. ' +
        'Together they are a signer group: each has its own signer, and requests go to the ones that work (ops/signers.md).',
      type: 'object',
      additionalProperties: { type: 'array', items: replica, maxItems: 8 },
      default: {},
    },
    pins: {
      description: 'Where the PINs of the tokens come from (ops/signers.md compares the choices).',
      type: 'object',
      additionalProperties: false,
      properties: {
        default: { ...pinSource, default: { from: 'file' } },
        tokens: {
          description: 'For single tokens, by name: `{ "ca-fort": { "from": "officer" } }`.',
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
} as const;

const socketGroup = {
  description: 'Name of a group in /etc/group.',
  type: 'string',
  pattern: '^[a-z_][a-z0-9_-]{0,31}$',
} as const;

export const signerSocketsSchema = {
  description:
    'For signers that run as separate users: the folder that has a folder of sockets for each token, and the group of ' +
    'each caller role. Default: in the home folder, accessible to its owner only.',
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
} as const;

export type Replica = {
  readonly name: string;
  readonly label: 'own' | 'original';
  readonly module?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

type PinOrigin = { readonly from: 'file' | 'credential' | 'officer' };

export type Pkcs11Config = {
  readonly module?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly requestDeadlineMs: number;
  /** The journals of OCSP signers also have at most 160 segments of 64 MiB. */
  readonly ocspJournalDays: number;
  /** By the name of the token that is replicated. */
  readonly replicas: Readonly<Record<string, readonly Replica[]>>;
  readonly pins: { readonly default: PinOrigin; readonly tokens: Readonly<Record<string, PinOrigin>> };
};

export type SignerSockets = {
  readonly folder: string;
  readonly groups?: Readonly<Record<'api' | 'worker' | 'responder', string>>;
};
