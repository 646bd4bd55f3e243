/** Converts rows of `certificates` to records, and records to columns. */
import { canonicalJson } from '../../kernel/json.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import type { RunId } from '../../ports/node.js';
import type { IssuerId } from '../../ports/signer.js';
import {
  type CertificateRecord,
  type CertificateSummary,
  type KeyOrigin,
  PROTOCOLS,
} from '../../ports/store/certificates.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { StoredState } from '../../ports/store/statuses.js';
import {
  blob,
  bytes,
  bytesOrNull,
  flag,
  integer,
  integerOrNull,
  json,
  oneOf,
  type Row,
  text,
  textOrNull,
} from './columns.js';

const KEY_ORIGINS = ['card', 'module', 'software'] as const satisfies readonly KeyOrigin[];
const STATUSES = ['open', 'pending', 'issued', 'suspended', 'revoked'] as const;

export function stateOf(row: Row): StoredState {
  const status = oneOf(row, 'status', STATUSES);
  switch (status) {
    case 'open':
    case 'pending':
    case 'issued':
      return { status };
    case 'suspended':
      return { status, at: integer(row, 'state_at'), invalidityDate: integerOrNull(row, 'invalidity_date') };
    case 'revoked':
      return {
        status,
        at: integer(row, 'state_at'),
        reason: oneOf(row, 'reason', FINAL_REASONS),
        invalidityDate: integerOrNull(row, 'invalidity_date'),
      };
  }
}

export function stateColumns(state: StoredState) {
  const dated = state.status === 'suspended' || state.status === 'revoked';
  return {
    status: state.status,
    state_at: dated ? state.at : null,
    reason: state.status === 'revoked' ? state.reason : null,
    invalidity_date: dated ? state.invalidityDate : null,
  };
}

export const SUMMARY_COLUMNS = [
  'id',
  'issuer',
  'serial',
  'profile',
  'status',
  'state_at',
  'reason',
  'invalidity_date',
  'not_before',
  'not_after',
  'created_at',
  'holder_id',
  'structure_id',
  'card_token_id',
  'account_id',
  'claim_account',
  'claim_route',
  'claim_key',
  'renews',
  'becomes',
  'update_id',
  'registration_id',
  'key_type',
] as const;

export function summaryOf(row: Row): CertificateSummary {
  return {
    id: text(row, 'id'),
    issuer: text(row, 'issuer') as IssuerId,
    serial: text(row, 'serial'),
    profile: text(row, 'profile'),
    state: stateOf(row),
    notBefore: integer(row, 'not_before'),
    notAfter: integer(row, 'not_after'),
    createdAt: integer(row, 'created_at'),
    holderId: text(row, 'holder_id'),
    structureId: textOrNull(row, 'structure_id'),
    cardTokenId: textOrNull(row, 'card_token_id'),
    accountId: text(row, 'account_id'),
    claim: claimOf(row),
    renews: textOrNull(row, 'renews'),
    becomes: oneOf(row, 'becomes', ['issued', 'pending'] as const),
    updateId: textOrNull(row, 'update_id'),
    registrationId: textOrNull(row, 'registration_id'),
    keyType: textOrNull(row, 'key_type'),
  };
}

export function certificateOf(row: Row): CertificateRecord {
  return {
    ...summaryOf(row),
    policyDigest: text(row, 'policy_digest'),
    tbs: bytes(row, 'tbs'),
    signature: bytesOrNull(row, 'signature'),
    holder: json(row, 'holder'),
    card: json(row, 'card'),
    identity: json(row, 'identity'),
    protocol: row.protocol === null ? null : oneOf(row, 'protocol', PROTOCOLS),
    selfRenewal: flag(row, 'self_renewal'),
    encrypted: flag(row, 'encrypted'),
    confirmed: flag(row, 'confirmed'),
    keyOrigin: row.key_origin === null ? null : oneOf(row, 'key_origin', KEY_ORIGINS),
    container: textOrNull(row, 'container'),
    spkiSha256: text(row, 'spki_sha256'),
    run: textOrNull(row, 'run') as RunId | null,
    crlPartition: integerOrNull(row, 'crl_partition'),
    recoveredSha256: textOrNull(row, 'recovered_sha256'),
  };
}

function claimOf(row: Row): IdempotencyClaim | null {
  if (row.claim_account === null) return null;
  return { account: text(row, 'claim_account'), route: text(row, 'claim_route'), key: text(row, 'claim_key') };
}

export function certificateColumns(record: CertificateRecord) {
  return {
    id: record.id,
    issuer: record.issuer,
    serial: record.serial,
    ...stateColumns(record.state),
    not_before: record.notBefore,
    not_after: record.notAfter,
    created_at: record.createdAt,
    profile: record.profile,
    policy_digest: record.policyDigest,
    holder_id: record.holderId,
    structure_id: record.structureId,
    card_token_id: record.cardTokenId,
    spki_sha256: record.spkiSha256,
    account_id: record.accountId,
    run: record.run,
    claim_account: record.claim?.account ?? null,
    claim_route: record.claim?.route ?? null,
    claim_key: record.claim?.key ?? null,
    renews: record.renews,
    becomes: record.becomes,
    update_id: record.updateId,
    registration_id: record.registrationId,
    protocol: record.protocol,
    self_renewal: record.selfRenewal,
    encrypted: record.encrypted,
    confirmed: record.confirmed,
    key_type: record.keyType,
    crl_partition: record.crlPartition,
    holder: canonicalJson(record.holder),
    card: canonicalJson(record.card),
    identity: canonicalJson(record.identity),
    key_origin: record.keyOrigin,
    container: record.container,
    signature: record.signature === null ? null : blob(record.signature),
    tbs: blob(record.tbs),
    recovered_sha256: record.recoveredSha256,
  };
}
