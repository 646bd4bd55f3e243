/** Audit entries about accounts: a part of the catalogue (`events.ts`). */
import {
  count,
  excerpt,
  instant,
  list,
  listOrDigest,
  matching,
  nullable,
  object,
  officers,
  oneOf,
  optional,
  structure,
  taggedUnless,
  text,
  uuid,
} from './members.js';

const sha256 = matching(/^[0-9a-f]{64}$/);
const account = text(128);
const issuer = text(64);
/** The name of a login at the operating system. */
const login = excerpt(64);

/**
 * Limit of the canonical JSON of a list of a scope: it has room for a few dozen ids. A longer list
 * is kept as its length and digest.
 */
const SCOPE_LIST_BYTES_MAX = 1_024;
const scopeList = listOrDigest(text(256), SCOPE_LIST_BYTES_MAX);
/** `*`, all holders of a type, or all staff of a structure by its FINESS, SIREN or SIRET number. */
const holderPattern = taggedUnless(/^(\*|\d\*|[345][0-9A-Z]{9,14}\/\*)$/, 'holder');
const holderList = listOrDigest(holderPattern, SCOPE_LIST_BYTES_MAX);
const structureList = listOrDigest(structure, SCOPE_LIST_BYTES_MAX);
const roles = list(text(32), 16);
const scope = object({ profiles: scopeList, structures: structureList, domains: scopeList, holders: holderList });
const credential = object({ issuer, spkiSha256: sha256 });
const credentials = listOrDigest(credential, 2_048);

const limit = nullable(count);
const rights = {
  roles,
  scope,
  limits: object({ perDay: limit, perHour: limit, inFlight: limit }),
  networks: listOrDigest(text(64), SCOPE_LIST_BYTES_MAX),
  expiresAt: nullable(instant),
  /** The id of its own structure, whose name may be that of a practitioner. */
  structure: nullable(structure),
} as const;
const RIGHT_NAMES = [
  'name',
  'roles',
  'profiles',
  'structures',
  'domains',
  'holders',
  'limits',
  'networks',
  'expiresAt',
  'structure',
] as const;

const changedAccount = {
  account,
  ...rights,
  credentials,
  /** The login of the person at the terminal, or the ceremony; an officer is the actor instead. */
  login: optional(login),
  /** Two officers who have agreed to it, and their approval. */
  officers: optional(officers),
  approval: optional(uuid),
  ceremony: optional(text(128)),
  planSha256: optional(sha256),
  certificate: optional(uuid),
} as const;

export const ACCOUNT_EVENTS = {
  'account.added': { outcome: 'success', details: changedAccount },
  'account.credential-added': { outcome: 'success', details: changedAccount },
  /** A founding certificate that its account did not get. */
  'account.not-founded': {
    outcome: 'failure',
    details: { account, certificate: uuid, ceremony: text(128), planSha256: sha256, detail: excerpt(500) },
  },
  /** A certificate of the account has renewed itself. */
  'account.credential-renewed': {
    outcome: 'success',
    details: { account, old: credential, new: credential, certificate: uuid },
  },
  'account.rotated': { outcome: 'success', details: changedAccount },
  'account.disabled': { outcome: 'success', details: changedAccount },
  'account.enabled': { outcome: 'success', details: changedAccount },
  'account.changed': {
    outcome: 'success',
    details: {
      ...changedAccount,
      /** Names of the rights that differ; the name of an account may be that of a person. */
      changed: list(oneOf(...RIGHT_NAMES), RIGHT_NAMES.length),
      before: object(rights),
    },
  },
} as const;
