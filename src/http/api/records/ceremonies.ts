/** Handlers of the ceremonies whose transcripts are in this installation. */
import { describeVerifyFault } from '../../../ceremony/verify/verify.js';
import { toBase64 } from '../../../kernel/bytes.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import {
  ceremonySummary,
  listCeremonies,
  pdfPath,
  readCeremony,
  readCeremonyTranscript,
} from '../../../operations/ceremonies/read-ceremonies.js';
import { ceremonyMinutes, verifyCeremony } from '../../../operations/ceremonies/verify-ceremony.js';
import type { Handler } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';

export const getCeremonies: Handler = async (context, { account, query }) => {
  const page = { after: query.cursor ?? null, limit: pageLimit(query.limit) };
  const listed = listCeremonies(context, account, page);
  return listed.ok ? ok({ ceremonies: listed.value.ceremonies, nextCursor: listed.value.next }) : listed;
};

export const getCeremony: Handler = async (context, { account, params }) => {
  const read = readCeremony(context, account, params.id ?? '');
  if (!read.ok) return read;
  const { plan, entries } = read.value;
  return ok({
    ...ceremonySummary(read.value),
    // The plan was read from JSON, so it is a JSON value.
    plan: plan as Json,
    lines: entries.ok ? entries.value.length : 0,
    fault: entries.ok ? null : describeVerifyFault(entries.error),
  });
};

export const getCeremonyTranscript: Handler = async (context, { account, params }) => {
  const read = readCeremonyTranscript(context, account, params.id ?? '');
  return read.ok ? ok(singleChunk(new TextDecoder().decode(read.value).replace(/\n$/, ''))) : read;
};

async function* singleChunk(lines: string): AsyncGenerator<string> {
  yield lines;
}

export const getCeremonyVerification: Handler = async (context, { account, params }) => {
  const read = readCeremony(context, account, params.id ?? '');
  if (!read.ok) return read;
  const verified = verifyCeremony(context, account, read.value.id);
  if (!verified.ok) return verified;
  if (!verified.value.ok) return ok({ ...NOT_VERIFIED, fault: describeVerifyFault(verified.value.error) });
  const { head, lines, artefacts, isSigned, linesAfterSignature, signedBy } = verified.value.value;
  return ok({ verified: true, fault: null, head, lines, artefacts, isSigned, linesAfterSignature, signedBy });
};

export const getCeremonyMinutes: Handler = async (context, { account, params }) => {
  const id = params.id ?? '';
  const html = ceremonyMinutes(context, account, id);
  if (!html.ok) return html;
  const pdf = context.ceremonies.read(pdfPath(id));
  return ok({ html: html.value, pdf: pdf === null ? null : toBase64(pdf) });
};

const NOT_VERIFIED = {
  verified: false,
  head: null,
  lines: 0,
  artefacts: 0,
  isSigned: false,
  linesAfterSignature: 0,
  signedBy: [],
} as const;
