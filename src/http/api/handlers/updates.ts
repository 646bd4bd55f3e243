import { err, ok, type Result } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { abandonUnwritten } from '../../../operations/updates/abandon.js';
import { acceptStatement, type UpdateStatementVerb } from '../../../operations/updates/accept-statement.js';
import { beginUpdate, type UpdateRequest } from '../../../operations/updates/begin.js';
import { decideUpdate } from '../../../operations/updates/decide.js';
import { listUpdates, listUpdatesOfCard, readUpdate, type UpdateName } from '../../../operations/updates/read.js';
import { beginWriting } from '../../../operations/updates/writing.js';
import type { Identity } from '../../../policy/model.js';
import type { CardUpdate, UpdateChannel, UpdateState } from '../../../ports/store/cards/card-updates.js';
import type { CardCapabilities } from '../../../ports/store/cards/cards.js';
import { violation } from '../../../texts/text.js';
import type { ProofBody } from '../../../updates/proof.js';
import { type ApiContext, type ApiRequest, type Handler, RepeatedAnswer } from '../handler.js';
import { renderUpdate, renderUpdateRow } from '../render-updates.js';
import { renderRequestedApproval } from './approvals.js';
import { pageLimit } from './certificates.js';

type BeginBody = {
  readonly requests: readonly (Pick<UpdateRequest, 'profile' | 'csr'> & Partial<UpdateRequest>)[];
  readonly identity?: Identity;
  readonly proof: ProofBody;
  readonly capabilities?: Omit<CardCapabilities, 'reportedAt' | 'reportedBy'>;
  readonly channel: UpdateChannel;
  readonly reader: { readonly model: string; readonly middleware: string; readonly version: string };
};

export const postUpdate: Handler = async ({ world, platformKey }, { account, params, body, idempotency }) => {
  const { requests, identity = null, proof, capabilities = null, channel, reader } = body as BeginBody;
  const { tokenId: cardTokenId = '' } = params;
  const begun = await beginUpdate(
    { ...world, platformKey },
    {
      account,
      cardTokenId,
      requests: requests.map(({ keyOrigin = null, ...request }) => ({ ...request, keyOrigin })),
      identity,
      proof,
      capabilities,
      channel,
      reader: reader.model,
      middleware: `${reader.middleware} ${reader.version}`,
      route: `POST /v1/cards/${encodeURIComponent(cardTokenId)}/updates`,
      idempotency,
    },
  );
  if (!begun.ok) return begun;
  const shown = renderUpdate(world, begun.value);
  return ok(begun.value.isRepeated ? new RepeatedAnswer(shown) : shown);
};

export const postWriting: Handler = async ({ world }, { account, params }) => {
  const written = await beginWriting(world, account, nameOf(params));
  return written.ok ? ok(renderUpdate(world, written.value)) : written;
};

export const postConfirmation: Handler = async (context, request) => {
  const { proof } = request.body as { readonly proof: ProofBody };
  return acceptCardStatement(context, request, { verb: 'confirm', proof });
};

export const postAbandonment: Handler = async (context, request) => {
  const { world } = context;
  const { proof, written } = request.body as { readonly proof?: ProofBody; readonly written?: false };
  if ((proof === undefined) === (written === undefined))
    return err({ kind: 'invalid-request', ...violation('', 'proof-or-word') });
  if (proof !== undefined) return acceptCardStatement(context, request, { verb: 'abandon', proof });
  const abandoned = await abandonUnwritten(world, request.account, nameOf(request.params));
  return abandoned.ok ? ok(renderUpdate(world, abandoned.value)) : abandoned;
};

async function acceptCardStatement(
  { world, platformKey, observeConfirmation }: ApiContext,
  { account, params }: ApiRequest,
  { verb, proof }: { readonly verb: UpdateStatementVerb; readonly proof: ProofBody },
): ReturnType<Handler> {
  const outcome = await acceptStatement({ ...world, platformKey }, { account, name: nameOf(params), verb, proof });
  if (!outcome.ok) return outcome;
  const { update, confirmedMs } = outcome.value;
  if (confirmedMs !== null) observeConfirmation(update.middleware, confirmedMs);
  return ok(renderUpdate(world, outcome.value));
}

export const getUpdate: Handler = async ({ world }, { account, params }) => {
  const found = await readUpdate(world, account, nameOf(params));
  return found.ok ? ok(renderUpdate(world, found.value)) : found;
};

export const getUpdatesOfCard: Handler = async ({ world }, { account, params, query }) => {
  const filter = filterOf(query);
  if (!filter.ok) return filter;
  return renderResult(await listUpdatesOfCard(world, account, { cardTokenId: params.tokenId ?? '', ...filter.value }));
};

export const getUpdates: Handler = async ({ world }, { account, query }) => {
  const filter = filterOf(query);
  return filter.ok ? renderResult(await listUpdates(world, account, filter.value)) : filter;
};

export const postUpdateDecision: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { outcome, reason } = body as { readonly outcome: 'confirmed' | 'abandoned'; readonly reason: string };
  const subject = { update: params.id ?? '', outcome, reason };
  return renderRequestedApproval(world, await requestApproval(world, decideUpdate, { account, subject, idempotency }));
};

/** The form of the ids that the service makes. A cursor is such an id. */
const UPDATE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Filter = { readonly state: UpdateState | null; readonly before: string | null; readonly limit: number };

function filterOf({ state, cursor, limit }: ApiRequest['query']): Result<Filter, OperationFailure> {
  if (cursor !== undefined && !UPDATE_ID.test(cursor))
    return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  return ok({ state: (state as UpdateState | undefined) ?? null, before: cursor ?? null, limit: pageLimit(limit) });
}

type Page = { readonly updates: readonly CardUpdate[]; readonly next: string | null };

function renderResult(page: Result<Page, OperationFailure>): Awaited<ReturnType<Handler>> {
  return page.ok ? ok({ updates: page.value.updates.map(renderUpdateRow), nextCursor: page.value.next }) : page;
}

function nameOf({ tokenId = '', id = '' }: ApiRequest['params']): UpdateName {
  return { cardTokenId: tokenId, id };
}
