/**
 * Handlers of uploads to campaigns: the list of the cards of a class, and the notices to holders.
 * Each line with a notice is answered by one line.
 */
import { present } from '../../../kernel/assert.js';
import type { Language } from '../../../kernel/bilingual.js';
import { parseInstant } from '../../../kernel/clock.js';
import { HOUR_MS, SECOND_MS } from '../../../kernel/duration.js';
import { err, ok } from '../../../kernel/result.js';
import { readCampaign } from '../../../operations/campaigns/read.js';
import {
  completeList,
  type NoticeLine,
  type NoticeResult,
  recordNotices,
  recordNoticeUpload,
  storeListedCards,
} from '../../../operations/campaigns/receive-lines.js';
import type { World } from '../../../operations/world.js';
import type { UploadLine } from '../../../orders/upload.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { StreamLimits } from '../../server/stream-body.js';
import { type LineUpload, readLine, readLineGroups } from '../campaigns/read-lines.js';
import type { JsonLines, StreamHandler } from '../handler.js';
import { type ShownViolation, shownViolations } from '../problems.js';

const UPLOAD: StreamLimits = { bytesMax: 1024 ** 3, idleMs: 60 * SECOND_MS, totalMs: 4 * HOUR_MS };
/**
 * How many lines one transaction stores. While it runs, all other transactions wait, so it must be
 * short.
 */
const LINES_PER_TRANSACTION = 1_000;

export const postCampaignList: StreamHandler = async ({ world }, { account, params, contentSha256, openBody }) => {
  const upload = { read: openBody(UPLOAD), contentSha256 };
  const list = { id: params.id ?? '', class: params.class ?? '' };
  let cards = 0;
  let added = 0;
  for await (const group of readLineGroups(upload, LINES_PER_TRANSACTION)) {
    if (!group.ok) return group;
    const read = group.value.map((line) => readLine<{ readonly card: string }>('ListedCard', line));
    const invalid = read.findIndex((line) => !line.ok);
    if (invalid !== -1) {
      const line = read[invalid];
      const violations = line === undefined || line.ok ? [] : line.error;
      const at = violations.map((one) => ({ ...one, pointer: `/${cards + invalid}${one.pointer}` }));
      return err({ kind: 'body-malformed', violations: at });
    }
    const named = read.flatMap((line) => (line.ok ? [line.value.card] : []));
    const stored = await storeListedCards(world, account, { ...list, cards: named });
    if (!stored.ok) return stored;
    cards += named.length;
    added += stored.value;
  }
  const completed = await completeList(world, account, { ...list, cards });
  return completed.ok ? ok({ class: list.class, cards, repeated: cards - added }) : completed;
};

export const postNotices: StreamHandler = async ({ world }, request) => {
  const { account, params, language, contentSha256, openBody } = request;
  const campaign = await readCampaign(world, account, params.id ?? '');
  if (!campaign.ok) return campaign;
  const upload = { read: openBody(UPLOAD), contentSha256 };
  return ok(answersOf(world, { account, language, id: campaign.value.id }, upload));
};

type NoticeUpload = { readonly account: Account; readonly language: Language; readonly id: string };

/**
 * Yields an answer for each notice. The HTTP status is already fixed when the first line is read,
 * so a failure can only close the connection.
 */
async function* answersOf(world: World, upload: NoticeUpload, lines: LineUpload): JsonLines {
  const { account, id } = upload;
  const results: Record<string, number> = {};
  let position = 0;
  try {
    for await (const group of readLineGroups(lines, LINES_PER_TRANSACTION)) {
      if (!group.ok) throw new Error(`notices: ${group.error.kind}`);
      const answers = await answerGroup(world, upload, group.value);
      // The whole group is counted before the first answer is sent, because it is stored even if
      // the client leaves before it has read all answers.
      for (const { result } of answers) results[result] = (results[result] ?? 0) + 1;
      for (const answer of answers) {
        position += 1;
        yield answer.result === 'invalid' ? { ...answer, position } : answer;
      }
    }
  } finally {
    const recorded =
      Object.keys(results).length === 0 ? ok(undefined) : await recordNoticeUpload(world, account, { id, results });
    if (!recorded.ok) world.log.error('campaign.notices-unrecorded', { id, detail: recorded.error.kind });
  }
}

type NoticeAnswer =
  | { readonly card: string; readonly result: NoticeResult }
  | {
      readonly card: null;
      readonly result: 'invalid';
      readonly violations: readonly ShownViolation[];
    };

async function answerGroup(
  world: World,
  { account, language, id }: NoticeUpload,
  lines: readonly UploadLine[],
): Promise<readonly NoticeAnswer[]> {
  const read = lines.map((line) => readLine<Omit<NoticeLine, 'at'> & { readonly at: string }>('Notice', line));
  // The schema guarantees that `at` is a valid time.
  const notices = read.flatMap((line) =>
    line.ok ? [{ ...line.value, at: present(parseInstant(line.value.at), 'a time') }] : [],
  );
  const stored = notices.length === 0 ? ok([]) : await recordNotices(world, account, { id, notices });
  if (!stored.ok) throw new Error(`notices: ${stored.error.kind}`);
  const results = stored.value.values();
  return read.map((line): NoticeAnswer => {
    if (line.ok) return { card: line.value.card, result: present(results.next().value, 'the result of a notice') };
    return { card: null, result: 'invalid', violations: shownViolations(line.error, language) };
  });
}
