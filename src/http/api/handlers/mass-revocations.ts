import { formatInstant, instantOrNull, parseInstant } from '../../../kernel/clock.js';
import { sha256Hex } from '../../../kernel/digest.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import {
  cancelMassRevocation,
  massRevocationResults,
  previewMassRevocation,
  readMassRevocation,
  submitMassRevocation,
} from '../../../operations/revocation/mass-revocation.js';
import type { PlatformPart } from '../../../operations/revocation/protected-certificates.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import type {
  MassRevocation,
  MassRevocationItem,
  RevocationSelection,
  SelectedCertificate,
} from '../../../ports/store/mass-revocations.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { violation } from '../../../texts/text.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { decodePem } from '../../../x509/pem.js';
import type { Handler, JsonLines } from '../handler.js';

type Selectors = {
  readonly ca?: string;
  readonly profile?: string;
  readonly issuedFrom?: string;
  readonly issuedUntil?: string;
  readonly spkiSha256?: string;
  readonly certificate?: string;
};
type Body = {
  readonly select: Selectors;
  readonly reason: RevocationReason;
  readonly invalidityDate?: string;
  readonly expectedCount: number;
  readonly accounts?: readonly string[];
  readonly platform?: readonly PlatformPart[];
};

export const getMassRevocationPreview: Handler = async ({ world, serverKeys }, { account, query }) => {
  const selection = selectionOf(query);
  if (!selection.ok) return selection;
  const preview = await previewMassRevocation(world, { account, selection: selection.value, serverKeys });
  if (!preview.ok) return err(inQuery(preview.error));
  const { matched, accounts, platform } = preview.value;
  return ok({
    matched,
    accounts: accounts.map(({ account: id, certificate }) => ({ account: id, ...renderSelected(certificate) })),
    platform: platform.map(({ part, certificate }) => ({ part, ...renderSelected(certificate) })),
  });
};

function renderSelected({ id, issuer, serial }: SelectedCertificate) {
  return { certificate: id, issuer, serialNumber: serial };
}

/**
 * Changes the pointer of a failure from the body to the query, because the preview has its
 * selection in the query.
 */
function inQuery(failure: OperationFailure): OperationFailure {
  if (failure.kind !== 'invalid-request') return failure;
  return { ...failure, pointer: failure.pointer.replace(/^\/select\//, '?/') };
}

export const postMassRevocation: Handler = async (context, { account, body, idempotency }) => {
  const { world, serverKeys, startMassRevocations } = context;
  const { select, reason, invalidityDate, expectedCount, accounts = [], platform = [] } = body as Body;
  const selection = selectionOf(select);
  if (!selection.ok) return selection;
  const dated = invalidityDate === undefined ? null : parseInstant(invalidityDate);
  const expected = { count: expectedCount, accounts, platform };
  const command = {
    account,
    reason,
    invalidityDate: dated,
    selection: selection.value,
    serverKeys,
    expected,
    idempotency,
  };
  const submitted = await submitMassRevocation(world, command);
  if (!submitted.ok) return submitted;
  startMassRevocations();
  return ok(render(submitted.value));
};

export const getMassRevocation: Handler = async ({ world }, { account, params }) =>
  renderResult(await readMassRevocation(world, account, params.id ?? ''));

export const postMassRevocationCancellation: Handler = async ({ world }, { account, params }) =>
  renderResult(await cancelMassRevocation(world, account, params.id ?? ''));

/**
 * The handler that lists the results of an order, one per line. It reads the first page before the
 * response starts, so that an unknown id still gets 404.
 */
export const getMassRevocationResults: Handler = async ({ world }, { account, params }) => {
  const id = params.id ?? '';
  const first = await massRevocationResults(world, account, { id, after: 0 });
  return first.ok ? ok(linesOf(world, account, first.value)) : first;
};

type ResultPage = { readonly order: MassRevocation; readonly items: readonly MassRevocationItem[] };

async function* linesOf(world: World, account: Account, first: ResultPage): JsonLines {
  let page = first;
  for (;;) {
    for (const item of page.items) yield renderItem(page.order, item);
    const last = page.items.at(-1);
    if (last === undefined) return;
    const next = await massRevocationResults(world, account, { id: page.order.id, after: last.position });
    // The HTTP status was already sent, so a failure closes the connection in the middle of the
    // body, which the client notices.
    if (!next.ok) throw new Error(`results of ${page.order.id}: ${next.error.kind}`);
    page = next.value;
  }
}

function renderResult(order: Result<MassRevocation, OperationFailure>): Result<Json, OperationFailure> {
  return order.ok ? ok(render(order.value)) : order;
}

function render(order: MassRevocation): Json {
  const { id, state, reason, invalidityDate, accountId, submittedAt, finishedAt } = order;
  const { matched, revoked, alreadyRevoked } = order;
  return {
    id,
    state,
    select: renderSelection(order.selection),
    reason,
    invalidityDate: instantOrNull(invalidityDate),
    account: accountId,
    submittedAt: formatInstant(submittedAt),
    finishedAt: instantOrNull(finishedAt),
    matched,
    done: revoked + alreadyRevoked,
    revoked,
    alreadyRevoked,
  };
}

function renderSelection({ authority, profile, issuedFrom, issuedUntil, spkiSha256 }: RevocationSelection): Json {
  return {
    ...(authority === null ? {} : { ca: authority }),
    ...(profile === null ? {} : { profile }),
    ...(issuedFrom === null ? {} : { issuedFrom: formatBound(issuedFrom) }),
    ...(issuedUntil === null ? {} : { issuedUntil: formatBound(issuedUntil) }),
    ...(spkiSha256 === null ? {} : { spkiSha256 }),
  };
}

/**
 * Formats a time of the selection, with milliseconds if the order has them. Issuance times have
 * milliseconds, so a shortened time would show another selection than the one of the order.
 */
function formatBound(at: number): string {
  return at % 1_000 === 0 ? formatInstant(at) : new Date(at).toISOString();
}

function renderItem({ state }: MassRevocation, item: MassRevocationItem): Json {
  const { certificateId, issuer, serial, profile, outcome } = item;
  const still = state === 'cancelled' ? 'cancelled' : 'waiting';
  return { certificate: certificateId, issuer, serialNumber: serial, profile, outcome: outcome ?? still };
}

function selectionOf(selectors: Selectors): Result<RevocationSelection, OperationFailure> {
  const { ca, profile, issuedFrom, issuedUntil, spkiSha256, certificate } = selectors;
  if (certificate !== undefined && spkiSha256 !== undefined)
    return err({ kind: 'invalid-request', ...violation('/select/certificate', 'key-once') });
  const key = certificate === undefined ? ok(spkiSha256 ?? null) : keyOf(certificate);
  if (!key.ok) return key;
  return ok({
    authority: ca ?? null,
    profile: profile ?? null,
    // The schema guarantees that these are valid times.
    issuedFrom: issuedFrom === undefined ? null : parseInstant(issuedFrom),
    issuedUntil: issuedUntil === undefined ? null : parseInstant(issuedUntil),
    spkiSha256: key.value,
  });
}

function keyOf(pem: string): Result<string, OperationFailure> {
  const der = decodePem(pem, ['CERTIFICATE']);
  const read = der.ok ? readCertificate(der.value) : der;
  if (read.ok) return ok(sha256Hex(read.value.tbs.spki));
  return err({ kind: 'invalid-request', ...violation('/select/certificate', 'certificate-read') });
}
