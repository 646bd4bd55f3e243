/**
 * Serves the actions of console pages: shows the form, then the review that says what will happen,
 * and performs the action when the review is confirmed.
 */
import { checkInput, type Field, type Input, type ReadFile } from '../../console/fields.js';
import { checkToken, type FormIdentity, formToken } from '../../console/forms.js';
import type { ActionOutcome, OpenAction } from '../../console/page.js';
import { formDocument, outcomeDocument, reviewDocument, uploadDocument } from '../../console/render.js';
import { address } from '../../console/ui.js';
import { filled } from '../../console/words/filled.js';
import { FORM_WORDS } from '../../console/words/forms.js';
import { type Bilingual, LANGUAGES } from '../../kernel/bilingual.js';
import { HOUR_MS, SECOND_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { fault } from '../../texts/text.js';
import { type HttpFailure, problemOf } from '../api/problems.js';
import { readBody } from '../server/body.js';
import { streamBody } from '../server/stream-body.js';
import { type RoutedExchange, recordRefusal } from '../trail/exchange.js';
import { frameOf, queryOf, sendDocument } from './answer.js';
import { isMultipart, readUpload, type Upload } from './multipart.js';
import { actionOf, type ServingParts, type Visit } from './visit.js';

const BODY_DEADLINE_MS = 10_000;
const FORM_TYPE = 'application/x-www-form-urlencoded';

type Outcome = Promise<Result<void, HttpFailure>>;
type ActionVisit = { readonly visit: Visit; readonly id: string };

/**
 * Shows the form of an action. Its review is shown instead if the action has no fields, or if the
 * form was filled in without mistakes (`step=review` in the query).
 */
export function showForm(parts: ServingParts, ctx: RoutedExchange, visited: ActionVisit): Outcome {
  return answerForm(parts, ctx, { ...visited, sent: queryOf(ctx) });
}

async function answerForm(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit, id, sent }: ActionVisit & { readonly sent: Input },
): Outcome {
  const action = actionOf(visit, id);
  if (!action.isOffered) return err(NOT_OFFERED);
  const fields = action.fields();
  if (fileOf(fields) !== null) return sendUploadForm(parts, ctx, { visit, action, fields, input: sent, faults: [] });
  if (sent.step !== 'review' && fields.length > 0) {
    sendForm(parts, ctx, { visit, action, fields, input: sent, faults: [] });
    return ok(undefined);
  }
  const checked = checkInput(fields, sent);
  if (!checked.ok) {
    sendForm(parts, ctx, { visit, action, fields, input: sent, faults: checked.error });
    return ok(undefined);
  }
  return sendReview(parts, ctx, { visit, action, fields, input: checked.value, problem: null });
}

/**
 * Performs the action that was confirmed. It is refused if this console has not made the token of
 * the form. If a value is wrong, the token is too old or the object has changed, nothing is done,
 * and the form or its review is shown again. A form with a long text sends its first step
 * (`step=review`) here too, because a URL is too short for it; then the review is shown.
 */
export async function submitForm(parts: ServingParts, ctx: RoutedExchange, { visit, id }: ActionVisit): Outcome {
  const action = actionOf(visit, id);
  const fields = action.fields();
  const file = fileOf(fields);
  if (file !== null) return submitUpload(parts, ctx, { visit, action, fields, file });
  const body = await readForm(ctx);
  if (!body.ok) return body;
  if (body.value.step === 'review') return answerForm(parts, ctx, { visit, id, sent: body.value });
  const { token = '', typed = '', ...sent } = body.value;
  const identity = identityOf(ctx, visit, action);
  const checked = checkToken(parts.formKey, token, { identity, now: parts.world.clock() });
  if (checked === 'forged') return err({ kind: 'not-permitted', ...fault('form-token') });
  if (!action.isOffered) return err(NOT_OFFERED);
  const input = checkInput(fields, sent);
  if (!input.ok) {
    sendForm(parts, ctx, { visit, action, fields, input: sent, faults: input.error });
    return ok(undefined);
  }
  const again = { visit, action, fields, input: input.value };
  if (checked === 'stale') {
    await recordRefusal(parts, ctx, STALE);
    return sendReview(parts, ctx, { ...again, problem: FORM_WORDS.stale });
  }
  const review = await action.review(input.value);
  if (!review.ok) return review;
  const needed = review.value.typed;
  if (needed !== undefined && typed.trim() !== needed)
    return sendReview(parts, ctx, { ...again, problem: filled(FORM_WORDS.notTyped, { typed: needed }) });
  // Batch work takes smaller shares while there is interactive work, as for requests of the API.
  parts.context.world.interactive.note();
  const done = await action.perform({ input: input.value, file: null, token });
  if (!done.ok) {
    await recordRefusal(parts, ctx, done.error);
    return sendReview(parts, ctx, {
      ...again,
      problem: problemText(ctx, done.error),
      status: statusOf(ctx, done.error),
    });
  }
  const { shown } = done.value;
  if (shown === undefined) return redirectToPage(ctx, visit, done.value);
  sendDocument(ctx, outcomeDocument(frameOf(parts, ctx, { account: visit.account }), action, shown), 200);
  return ok(undefined);
}

function redirectToPage(
  ctx: RoutedExchange,
  visit: Visit,
  { path = visit.path, query }: ActionOutcome,
): Result<void, HttpFailure> {
  const lang = LANGUAGES.find((language) => language === queryOf(ctx).lang);
  ctx.redirect(address(path, { ...query, lang }));
  // 303 makes the browser load the page with a GET, so that reloading the page does not repeat the
  // action.
  ctx.status = 303;
  return ok(undefined);
}

type FileField = Extract<Field, { readonly kind: 'file' }>;
type UploadVisit = {
  readonly visit: Visit;
  readonly action: OpenAction;
  readonly fields: readonly Field[];
  readonly file: FileField;
};

/**
 * How long an upload may pause, and how long it may last: as for uploads of orders through the API.
 */
const UPLOAD_IDLE_MS = 60 * SECOND_MS;
const UPLOAD_TOTAL_MS = 4 * HOUR_MS;
/** Limit of the bytes of a form besides its file: the other fields and the separators. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

/**
 * Receives a form with a file. The token and the fields are checked before the first byte of the
 * file is read.
 */
async function submitUpload(parts: ServingParts, ctx: RoutedExchange, asked: UploadVisit): Outcome {
  const type = ctx.get('content-type');
  if (!isMultipart(type)) return err({ kind: 'unsupported-media-type', type, expected: 'multipart/form-data' });
  const bytesMax = asked.file.bytesMax + FORM_OVERHEAD_BYTES;
  const read = streamBody(ctx.req, { bytesMax, idleMs: UPLOAD_IDLE_MS, totalMs: UPLOAD_TOTAL_MS });
  const upload = await readUpload(type, read);
  if (!upload.ok) return upload;
  try {
    return await receiveUpload(parts, ctx, { ...asked, upload: upload.value });
  } finally {
    upload.value.close();
  }
}

async function receiveUpload(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit, action, fields, file, upload }: UploadVisit & { readonly upload: Upload },
): Outcome {
  const { token = '', ...others } = upload.fields;
  const checked = checkToken(parts.formKey, token, {
    identity: identityOf(ctx, visit, action),
    now: parts.world.clock(),
  });
  if (checked === 'forged') return err({ kind: 'not-permitted', ...fault('form-token') });
  if (!action.isOffered) return err(NOT_OFFERED);
  const sentFile = upload.file?.field === file.name ? upload.file : null;
  const sent = { ...others, [file.name]: sentFile?.filename ?? '' };
  const input = checkInput(fields, sent);
  if (!input.ok) return sendUploadForm(parts, ctx, { visit, action, fields, input: sent, faults: input.error });
  // The token is out of date, so the form is shown again. The user only has to choose the file
  // again, because the other values are still in the form.
  if (checked === 'stale') {
    await recordRefusal(parts, ctx, STALE);
    const faults = [{ name: file.name, says: FORM_WORDS.stale }];
    return sendUploadForm(parts, ctx, { visit, action, fields, input: sent, faults });
  }
  const read = sentFile === null ? null : withinSize(sentFile.read, file.bytesMax);
  const done = await action.perform({ input: input.value, file: read, token });
  return done.ok ? redirectToPage(ctx, visit, done.value) : done;
}

/**
 * Returns a reader that fails when the file is longer than `bytesMax`. The limit of the whole body
 * is larger, because it includes the other fields.
 */
function withinSize(read: ReadFile, bytesMax: number): ReadFile {
  let bytes = 0;
  return async () => {
    const next = await read();
    if (!next.ok || next.value === null) return next;
    bytes += next.value.length;
    return bytes > bytesMax ? err({ kind: 'too-large', bytesMax }) : next;
  };
}

function fileOf(fields: readonly Field[]): FileField | null {
  return fields.find((field): field is FileField & Field => field.kind === 'file') ?? null;
}

const STALE = { kind: 'state-conflict', rule: 'form-current', message: FORM_WORDS.stale } as const;
const NOT_OFFERED = { kind: 'state-conflict', rule: 'action-offered', message: FORM_WORDS.notOffered } as const;

/** Makes the token of a new form for the action. */
function newFormToken(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit, action }: Pick<ShownForm, 'visit' | 'action'>,
): string {
  const { clock, random } = parts.context.world;
  return formToken(parts.formKey, identityOf(ctx, visit, action), { now: clock(), copy: random(8) });
}

function identityOf(ctx: RoutedExchange, { account }: Visit, { version }: OpenAction): FormIdentity {
  return { accountId: account.id, path: ctx.path, version };
}

async function readForm(ctx: RoutedExchange): Promise<Result<Readonly<Record<string, string>>, HttpFailure>> {
  const type = ctx.get('content-type');
  if (!type.toLowerCase().startsWith(FORM_TYPE))
    return err({ kind: 'unsupported-media-type', type, expected: FORM_TYPE });
  const raw = await readBody(ctx.req, { bytesMax: LIMITS.requestBodyBytesMax, deadlineMs: BODY_DEADLINE_MS });
  if (!raw.ok) return raw;
  const form = new URLSearchParams(new TextDecoder().decode(raw.value));
  return ok(Object.fromEntries([...form].filter(([, value]) => !value.includes('\0'))));
}

type ShownForm = {
  readonly visit: Visit;
  readonly action: OpenAction;
  readonly fields: readonly Field[];
  readonly input: Input;
};

type AnsweredForm = ShownForm & { readonly faults: Parameters<typeof formDocument>[1]['faults'] };

function sendForm(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit, action, fields, input, faults }: AnsweredForm,
): void {
  const frame = frameOf(parts, ctx, { account: visit.account });
  const html = formDocument(frame, {
    action,
    fields,
    input,
    faults,
    pagePath: visit.path,
    pageTitle: visit.page.title,
  });
  sendDocument(ctx, html, faults.length === 0 ? 200 : 422);
}

async function sendUploadForm(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit, action, fields, input, faults }: AnsweredForm,
): Outcome {
  const review = await action.review({});
  if (!review.ok) return review;
  const token = newFormToken(parts, ctx, { visit, action });
  const shown = {
    action,
    fields,
    input,
    faults,
    review: review.value,
    token,
    pagePath: visit.path,
    pageTitle: visit.page.title,
  };
  sendDocument(
    ctx,
    uploadDocument(frameOf(parts, ctx, { account: visit.account }), shown),
    faults.length === 0 ? 200 : 422,
  );
  return ok(undefined);
}

async function sendReview(
  parts: ServingParts,
  ctx: RoutedExchange,
  {
    visit,
    action,
    fields,
    input,
    problem,
    status = problem === null ? 200 : 409,
  }: ShownForm & { readonly problem: Bilingual | null; readonly status?: number },
): Outcome {
  const review = await action.review(input);
  if (!review.ok) return review;
  const frame = frameOf(parts, ctx, { account: visit.account });
  const token = newFormToken(parts, ctx, { visit, action });
  const shown = {
    action,
    fields,
    input,
    review: review.value,
    token,
    pagePath: visit.path,
    pageTitle: visit.page.title,
    problem,
  };
  sendDocument(ctx, reviewDocument(frame, shown), status);
  return ok(undefined);
}

/** Returns the title and the details of the failure as one text in both languages. */
function problemText({ state: { requestId } }: RoutedExchange, failure: HttpFailure): Bilingual {
  const said = (language: keyof Bilingual): string => {
    const { problem } = problemOf(failure, { requestId, language });
    const details = (problem.violations ?? []).map(({ message }) => message);
    return [
      `${problem.title} :`.replace(' :', language === 'fr' ? ' :' : ':'),
      ...(details.length > 0 ? details : [problem.detail]),
    ].join(' ');
  };
  return { fr: said('fr'), en: said('en') };
}

function statusOf({ state: { requestId } }: RoutedExchange, failure: HttpFailure): number {
  return problemOf(failure, { requestId, language: 'en' }).problem.status;
}
