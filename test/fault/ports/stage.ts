/**
 * The starting point: two issuing authorities with their OCSP responders, two accounts, and
 * requests. Software keys are made once for a run of the tests, and passed to its processes in a
 * file.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import type { CsrApplication } from '../../../src/issuance/prepare.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromBase64 } from '../../../src/kernel/bytes.js';
import { type DelegatedResponder, readDelegatedResponder } from '../../../src/ocsp/responder.js';
import type { IssueCommand } from '../../../src/operations/issuance/issue.js';
import type { CertificateOrder, Policy } from '../../../src/policy/model.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { ClaimRequest } from '../../../src/ports/store/idempotency.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../../src/x509/model.js';
import { NOW } from '../../support/db/records.js';
import { orderOf, type ProfileId } from '../../support/service/orders.js';

export const CARDS = 'aci-fo-pp';
/** Its profile `elementaire/org-auth-cli` may be suspended in development. */
export const ORGANISATIONS = 'aci-el-org';
export const AUTHORITIES = [CARDS, ORGANISATIONS] as const;

export type Authority = {
  readonly issuer: Issuer;
  readonly key: KeyObject;
  readonly responder: DelegatedResponder;
  readonly responderKey: KeyObject;
};

export type Stage = {
  readonly policy: Policy;
  readonly authorities: readonly Authority[];
  /** The root of `CARDS`, and a CRL of it that revokes them. */
  readonly root: { readonly issuer: Issuer; readonly list: Bytes };
  readonly platformKey: KeyObject;
  /** PEM, each with a different key. */
  readonly csrs: readonly string[];
};

/** The form in the file. */
export type WrittenStage = {
  readonly authorities: readonly {
    readonly id: string;
    readonly hierarchy: string;
    readonly certificate: string;
    readonly key: string;
    readonly responder: string;
    readonly responderKey: string;
  }[];
  readonly root: { readonly id: string; readonly certificate: string; readonly list: string };
  readonly platformKey: string;
  readonly csrs: readonly string[];
  /**
   * Serialized by V8, in base64: reading and compiling the policy would take as long as the rest of
   * a process's start.
   */
  readonly policy: string;
};

export function readStage(file: string): Stage {
  const { authorities, root, platformKey, csrs, policy } = JSON.parse(readFileSync(file, 'utf8')) as WrittenStage;
  const [cards] = authorities;
  const hierarchy = present(cards, CARDS).hierarchy;
  return {
    policy: deserialize(Buffer.from(policy, 'base64')),
    authorities: authorities.map(readAuthority),
    root: { issuer: issuerFrom({ ...root, hierarchy }, 'root'), list: derOf(root.list) },
    platformKey: createPrivateKey(platformKey),
    csrs,
  };
}

function issuerFrom(
  { id, hierarchy, certificate }: Pick<WrittenStage['authorities'][number], 'id' | 'hierarchy' | 'certificate'>,
  kind: Issuer['kind'],
): Issuer {
  const read = readIssuer({
    id: id as Issuer['id'],
    authority: id,
    generation: 1,
    kind,
    certificate: derOf(certificate),
    hierarchy: hierarchy as Issuer['hierarchy'],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function readAuthority(written: WrittenStage['authorities'][number]): Authority {
  const issuer = issuerFrom(written, 'issuing');
  const responder = readDelegatedResponder(issuer, derOf(written.responder));
  if (!responder.ok) throw new Error(responder.error.rule);
  return {
    issuer,
    key: createPrivateKey(written.key),
    responder: responder.value,
    responderKey: createPrivateKey(written.responderKey),
  };
}

function derOf(base64: string): Bytes {
  return present(fromBase64(base64), 'base64');
}

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;

function account(id: string, role: string, scope: Account['scope'] = EVERYTHING): Account {
  return { id, name: id, roles: [role], scope, credentials: [], disabled: false, ...ACCOUNT_DEFAULTS, createdAt: NOW };
}

export const CARD_MANAGEMENT = account('card-management', 'card-management');
export const OFFICER = account('officer-1', 'officer');
/** May see one of the two certificates of a card. */
export const OFFICER_OF_SIGNATURES = account('officer-2', 'officer', {
  ...EVERYTHING,
  profiles: ['fort/cps-signature'],
});

/**
 * A request of a client: holder and card `number`, and for each profile one key from `number` on.
 * `key`: its Idempotency-Key.
 */
export type StageRequest = {
  readonly number: number;
  readonly profiles: readonly ProfileId[];
  readonly key: string | null;
};

export function commandOf(
  { csrs }: Stage,
  { number, profiles, key }: StageRequest,
): IssueCommand & { readonly applications: readonly CsrApplication[] } {
  const applications = profiles.map((profile, at) => ({
    order: {
      card: null,
      identity: null,
      keyOrigin: null,
      validity: { notBefore: null, notAfter: null },
      ...(orderOf(profile, number) as unknown as Pick<CertificateOrder, 'profile' | 'holder'>),
    },
    csr: present(csrs[number + at], 'a request for each key'),
    pointer: profiles.length === 1 ? '' : `/requests/${at}`,
  }));
  const claim = key === null ? null : { account: CARD_MANAGEMENT.id, route: 'POST /v1/certificates', key };
  const idempotency = claim === null ? null : { claim, bodySha256: 'b'.repeat(64) };
  return { account: CARD_MANAGEMENT, applications, idempotency };
}

/** What an Idempotency-Key of this account says; its body is the same each time. */
export const claimRequest = ({ id }: Pick<Account, 'id'>, key: string): ClaimRequest => ({
  claim: { account: id, route: 'POST /v1/scenario', key },
  bodySha256: 'a'.repeat(64),
});
