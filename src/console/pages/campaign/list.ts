/** The list of the cards of a class, uploaded as a file that people have: a text or a table. */
import { err, ok, type Result } from '../../../kernel/result.js';
import { listClassesOf } from '../../../operations/campaigns/create.js';
import { completeList, storeListedCards } from '../../../operations/campaigns/receive-lines.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { createLineSplitter, type UploadLine } from '../../../orders/upload.js';
import { violation } from '../../../texts/text.js';
import type { FileFailure, ReadFile } from '../../fields.js';
import type { PageAction } from '../../page.js';
import { CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import type { CampaignData } from './data.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

const FILE_BYTES_MAX = 256 * 1024 * 1024;
/** All other transactions wait for the transaction that stores them. */
const CARDS_A_TRANSACTION = 1_000;
/** A card number that stands alone in its cell or on its line. */
const CARD = /(?<![\w/])8025000001\/\d{10}(?![\w/])/g;

/** Sends the list of one class. With the last list the population of the campaign begins. */
export const SEND_LIST: PageAction<CampaignData> = {
  id: 'list',
  label: WORDS.sendList,
  action: 'run-campaigns',
  isOffered: ({ campaign: { state, document } }) => state === 'draft' && listClassesOf(document).length > 0,
  version: ({ campaign: { id, state, lists } }) => JSON.stringify([id, state, lists]),
  fields: ({ campaign: { document } }) => [
    {
      kind: 'select',
      name: 'class',
      label: CAMPAIGN_WORDS.class,
      isRequired: true,
      options: listClassesOf(document).map((name) => ({ value: name, label: { fr: name, en: name } })),
    },
    {
      kind: 'file',
      name: 'file',
      label: WORDS.listFile,
      hint: WORDS.listFileHint,
      isRequired: true,
      accept: '.txt,.csv,.ndjson,text/plain,text/csv',
      bytesMax: FILE_BYTES_MAX,
    },
  ],
  review: ({ campaign: { document } }) => ({
    summary: filled(WORDS.willSendList, { name: document.name }),
    consequences: [WORDS.listBegins, WORDS.listTwice],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data: { campaign }, input, file }) => {
    const list = { id: campaign.id, class: input.class ?? '' };
    if (file === null) return err({ kind: 'invalid-request', ...violation('/file', 'list-empty') });
    let count = 0;
    for await (const cards of cardsIn(file)) {
      if (!cards.ok) return cards;
      const stored = await storeListedCards(world, account, { ...list, cards: cards.value });
      if (!stored.ok) return stored;
      count += cards.value.length;
    }
    if (count === 0) return err({ kind: 'invalid-request', ...violation('/file', 'list-empty') });
    const completed = await completeList(world, account, { ...list, cards: count });
    return completed.ok ? ok({ query: { done: 'list' } }) : completed;
  },
};

type Cards = Result<readonly string[], OperationFailure | FileFailure>;

/**
 * Groups of the cards of a file, one card a line; ends after the first failure. The first line may
 * be the head of a table, and lines without anything are skipped.
 */
async function* cardsIn(read: ReadFile): AsyncGenerator<Cards, void> {
  const splitter = createLineSplitter();
  let line = 0;
  let cards: string[] = [];
  for (;;) {
    const chunk = await read();
    if (!chunk.ok) return yield chunk;
    const lines = chunk.value === null ? [splitter.end() ?? []].flat() : splitter.push(chunk.value);
    for (const one of lines) {
      line += 1;
      const found = cardsOfLine(one);
      if (found === null && line > 1)
        return yield err({ kind: 'invalid-request', ...violation(`/file/${line}`, 'list-line-card', { line }) });
      cards.push(...(found ?? []));
    }
    while (cards.length >= CARDS_A_TRANSACTION || (chunk.value === null && cards.length > 0)) {
      yield ok(cards.slice(0, CARDS_A_TRANSACTION));
      cards = cards.slice(CARDS_A_TRANSACTION);
    }
    if (chunk.value === null) return;
  }
}

/** null: the line has something else than one card. */
function cardsOfLine({ kind, octets }: UploadLine): readonly string[] | null {
  if (kind === 'cut') return null;
  const text = new TextDecoder().decode(octets).trim();
  const cards = text.match(CARD) ?? [];
  if (cards.length === 1) return cards;
  return text === '' ? [] : null;
}
