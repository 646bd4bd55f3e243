/**
 * The configuration file that `PFCNG_CONFIG` names. Development needs none, because every member
 * has a default. Unknown members are rejected. The descriptions are the reference documentation.
 */
import { type BackupConfig, backupSchema } from './backup.js';
import { type DatabaseConfig, databaseSchema } from './database.js';
import { type ListenConfig, listenSchema, publicAddressSchema, type TlsConfig, tlsSchema } from './listen.js';
import { type AdvertiseConfig, advertiseSchema, type NodeConfig, nodeSchema } from './node.js';
import { type OcspConfig, ocspSchema } from './ocsp.js';
import { type Pkcs11Config, pkcs11Schema, type SignerSockets, signerSocketsSchema } from './pkcs11.js';
import { type PublicationConfig, publicationSchema } from './publication.js';
import { type WebhookConfig, webhooksSchema } from './webhooks.js';

export const CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'PFCNG configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    environment: {
      description:
        'The environment file of the policies. The home folder, the tokens and the database must be marked with the same ' +
        'environment.',
      enum: ['development', 'production'],
      default: 'development',
    },
    policies: { description: 'Folder of the policy files. Default: the one in the package.', type: 'string' },
    blockedKeys: {
      description:
        'Additional files with keys that must not be certified, in the format of blocked-keys.txt of the policies ' +
        '(ops/keys.md).',
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      default: [],
    },
    node: nodeSchema,
    advertise: advertiseSchema,
    listen: listenSchema,
    publicAddress: publicAddressSchema,
    tls: tlsSchema,
    accountAuthorities: {
      description: 'Issuing CAs whose certificates can be bound to accounts.',
      type: 'array',
      items: { type: 'string' },
      default: ['aci-el-org', 'aci-fo-pp'],
    },
    holderAuthorities: {
      description:
        'Issuing CAs whose certificates may act for themselves at the API without an account, as far as selfService of their ' +
        'profile allows.',
      type: 'array',
      items: { type: 'string' },
      default: ['aci-fo-pp', 'aci-st-pp', 'aci-el-pp'],
    },
    accessAuthorities: {
      description:
        'CAs outside the hierarchies whose certificates authenticate break-glass officers only (ops/break-glass.md): the ' +
        'certificate (DER or PEM, an absolute path or one in the home folder) and its SHA-256 (of the DER, hex).',
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
    database: databaseSchema,
    pkcs11: pkcs11Schema,
    signers: {
      description: '`supervised`: the service starts the signers itself. `external`: each signer is a systemd unit.',
      enum: ['supervised', 'external'],
      default: 'supervised',
    },
    signerSockets: signerSocketsSchema,
    publication: publicationSchema,
    ocsp: ocspSchema,
    webhooks: webhooksSchema,
    backup: backupSchema,
    log: {
      type: 'object',
      additionalProperties: false,
      properties: { level: { enum: ['debug', 'info', 'warn', 'error', 'silent'], default: 'info' } },
      default: {},
    },
  },
} as const;

export type ConfigFile = {
  readonly environment: 'development' | 'production';
  readonly policies?: string;
  readonly blockedKeys: readonly string[];
  readonly node: NodeConfig;
  readonly advertise: AdvertiseConfig;
  readonly listen: ListenConfig;
  readonly publicAddress?: string;
  readonly tls?: TlsConfig;
  readonly accountAuthorities: readonly string[];
  readonly holderAuthorities: readonly string[];
  readonly accessAuthorities: readonly { readonly id: string; readonly certificate: string; readonly sha256: string }[];
  readonly database: DatabaseConfig;
  readonly pkcs11: Pkcs11Config;
  readonly signers: 'supervised' | 'external';
  readonly signerSockets?: SignerSockets;
  readonly publication: PublicationConfig;
  readonly ocsp: OcspConfig;
  readonly webhooks: readonly WebhookConfig[];
  readonly backup: BackupConfig;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' };
};
