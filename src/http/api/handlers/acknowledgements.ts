/**
 * Handlers of acknowledgements: reports of a card bureau about the cards of an order. Each line is
 * answered by one line, while the upload goes on.
 */
import { present } from '../../../kernel/assert.js';
import type { Language } from '../../../kernel/bilingual.js';
import { formatInstant, parseInstant } from '../../../kernel/clock.js';
import { HOUR_MS, SECOND_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import {
  type AcknowledgementAnswer,
  acknowledgeCards,
  type CardReport,
  orderToAcknowledge,
  readAcknowledgements,
  recordAcknowledgements,
} from '../../../operations/orders/acknowledge-cards.js';
import type { World } from '../../../operations/world.js';
import type { UploadLine } from '../../../orders/upload.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { Acknowledgement } from '../../../ports/store/orders/acknowledgements.js';
import type { Order } from '../../../ports/store/orders.js';
import type { Violation } from '../../../texts/text.js';
import type { StreamLimits } from '../../server/stream-body.js';
import { type LineUpload, readLine, readLineGroups } from '../campaigns/read-lines.js';
import type { ApiContext, Handler, JsonLines, StreamHandler } from '../handler.js';
import { type ShownViolation, shownViolations } from '../problems.js';

const UPLOAD: StreamLimits = { bytesMax: 1024 ** 3, idleMs: 60 * SECOND_MS, totalMs: 4 * HOUR_MS };
/**
 * One transaction stores at most this many lines. While it runs, all other transactions wait, so it
 * must be short.
 */
const LINES_PER_TRANSACTION = 100;

export const postAcknowledgements: StreamHandler = async (context, request) => {
  const { account, params, language, contentSha256, openBody } = request;
  const order = await orderToAcknowledge(context.world, account, params.id ?? '');
  if (!order.ok) return order;
  const upload = { read: openBody(UPLOAD), contentSha256 };
  return ok(answersOf(context, { account, order: order.value, language }, upload));
};

type BureauUpload = { readonly account: Account; readonly order: Order; readonly language: Language };

/**
 * Yields an answer for each line. The HTTP status is already fixed when the first line is read, so
 * a failure can only close the connection.
 */
async function* answersOf(context: ApiContext, upload: BureauUpload, lines: LineUpload): JsonLines {
  const { world, countAcknowledgements } = context;
  const results: Record<string, number> = {};
  let position = 0;
  try {
    for await (const group of readLineGroups(lines, LINES_PER_TRANSACTION)) {
      if (!group.ok) throw new Error(`acknowledgements: ${group.error.kind}`);
      const answers = await acknowledge(world, upload, group.value.map(readReport));
      // The whole group is counted before the first answer is sent, because it is stored even if
      // the client leaves before it has read all answers.
      for (const { result } of answers) results[result] = (results[result] ?? 0) + 1;
      for (const answer of answers) {
        position += 1;
        yield answer.result === 'invalid' ? { ...answer, position } : answer;
      }
    }
  } finally {
    countAcknowledgements(results);
    if (Object.keys(results).length > 0) await record(world, upload, results);
  }
}

async function record(
  world: World,
  { account, order }: BureauUpload,
  results: Readonly<Record<string, number>>,
): Promise<void> {
  const recorded = await recordAcknowledgements(world, { account, order, results });
  if (!recorded.ok) throw new Error(`acknowledgements: ${recorded.error.kind}`);
}

type ReadReport = Result<CardReport, readonly Violation[]>;

type InvalidLine = {
  readonly line: null;
  readonly result: 'invalid';
  readonly live: false;
  readonly violations: readonly ShownViolation[];
};

async function acknowledge(
  world: World,
  { account, order, language }: BureauUpload,
  reports: readonly ReadReport[],
): Promise<readonly (AcknowledgementAnswer | InvalidLine)[]> {
  const valid = reports.flatMap((report) => (report.ok ? [report.value] : []));
  const answered = valid.length === 0 ? ok([]) : await acknowledgeCards(world, { account, order, reports: valid });
  if (!answered.ok) throw new Error(`acknowledgements: ${answered.error.kind}`);
  const answers = answered.value.values();
  return reports.flatMap((report) => (report.ok ? (answers.next().value ?? []) : invalid(report.error, language)));
}

function invalid(violations: readonly Violation[], language: Language): InvalidLine {
  return { line: null, result: 'invalid', live: false, violations: shownViolations(violations, language) };
}

function readReport(line: UploadLine): ReadReport {
  const read = readLine<Omit<CardReport, 'at'> & { readonly at: string }>('CardReport', line);
  // The schema guarantees that `at` is a valid time.
  return read.ok ? ok({ ...read.value, at: present(parseInstant(read.value.at), 'a time') }) : read;
}

export const getAcknowledgements: Handler = async ({ world }, { account, params }) => {
  const pages = await readAcknowledgements(world, account, params.id ?? '');
  return pages.ok ? ok(storedLines(pages.value)) : pages;
};

async function* storedLines(
  pages: AsyncIterable<Result<readonly Acknowledgement[], { readonly kind: string }>>,
): JsonLines {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`acknowledgements: ${page.error.kind}`);
    yield* page.value.map(render);
  }
}

function render(acknowledgement: Acknowledgement): Json {
  const { line, attempt, outcome, onCard, writtenAt, accountId, receivedAt, result } = acknowledgement;
  const times = { at: formatInstant(writtenAt), receivedAt: formatInstant(receivedAt) };
  return { line, attempt, outcome, onCard, account: accountId, result, ...times };
}
