import { guardsOf, type Mutants } from './mutant.js';

const LINES = 'test/integration/orders/settled-lines.test.ts';
const WORK = 'test/integration/orders/work.test.ts';
const TIMES = 'test/integration/orders/times.test.ts';
const ACKNOWLEDGEMENTS = 'test/integration/orders/acknowledgements.test.ts';
const KILLS = 'test/fault/orders/kill.test.ts';
const states = guardsOf('src/operations/orders/lines/line-states.ts', LINES);
const reserving = guardsOf('src/operations/issuance/reserve.ts', LINES);
const storing = guardsOf('src/operations/issuance/store-signatures.ts', LINES);
const givingUp = guardsOf('src/operations/issuance/give-up-claims.ts', LINES);
const outcome = guardsOf('src/operations/orders/lines/line-outcome.ts', LINES);
const DRY_RUN = 'test/integration/orders/dry-run.test.ts';
const dryRun = guardsOf('src/operations/issuance/reserve.ts', DRY_RUN);
const foreseen = guardsOf('src/operations/orders/lines/line-outcome.ts', DRY_RUN);
const window = guardsOf('src/operations/orders/lines/window.ts', 'test/unit/orders/window.test.ts');
const duplicates = guardsOf('src/operations/issuance/duplicates.ts', WORK);
const working = guardsOf('src/operations/orders/lines/work-lines.ts', WORK);
const pages = guardsOf('src/operations/orders/line-pages.ts', 'test/integration/orders/lives.test.ts');
const rest = guardsOf('src/operations/orders/lines/settle-rest.ts', WORK);

/** Guards that give each line of an order one outcome, and each card its certificates once. */
export const ORDER_LINES: Mutants = {
  'orders/judged-by-right-clock': guardsOf('src/operations/orders/lines/line-outcome.ts', TIMES)(
    'A node with a wrong clock gives no line its outcome.',
    {
      find: 'if (fault !== null) return outcomes.map(',
      replace: 'if (fault !== null && outcomes.length === 0) return outcomes.map(',
      title: 'is refused for no rule about times while the clock of the node is wrong',
    },
  ),
  'orders/ended-account-waits': guardsOf('src/operations/orders/lines/work-line.ts', TIMES)(
    'The lines of an account that has ended wait.',
    {
      find: "if (failure.kind === 'not-permitted' && accountFault(",
      replace: "if (failure.kind === 'clock-wrong' && accountFault(",
      title: 'waits if the account ends before it is begun',
    },
  ),
  'orders/scrapped-is-not-live': guardsOf('src/operations/orders/acknowledge-cards.ts', ACKNOWLEDGEMENTS)(
    'A line sees what another one of the same report has revoked.',
    {
      find: 'for (const record of changed) card.certificates.set(record.id, record);',
      replace: '',
      title: 'of two lines with the same certificates see what the other one has revoked',
    },
  ),
  'orders/ended-during-the-turn': working('The progress of an order that has ended is not stored.', {
    find: 'if (order?.finishedAt === null)',
    replace: 'if (order !== null)',
    title: 'is over if another process ends the order as soon as its last line has its outcome',
  }),
  'orders/lease-in-reservation': states('Lines are reserved under the lease of their order.', {
    find: '|| !(await tx.isLeaseCurrent(first.lease))',
    replace: '',
    title: 'are not reserved when another process has taken the lease',
  }),
  'orders/lease-of-stopped-node': guardsOf('src/operations/orders/lines/line-states.ts', KILLS)(
    'A node that was stopped for longer than its lease reserves nothing.',
    {
      find: '|| !(await tx.isLeaseCurrent(first.lease))',
      replace: '',
      title: 'gets nothing reserved by a node that was stopped for longer than its lease',
    },
  ),
  'orders/working-in-reservation': states('Lines of an order that was paused are not reserved.', {
    find: "return order?.state === 'working' ? order : null;",
    replace: 'return order;',
    title: 'are not reserved when their order was paused or cancelled',
  }),
  'orders/settled-line-not-reserved': reserving('A line with an outcome is not reserved again.', {
    find: 'if (one.line !== null && !workable.has(one.line))',
    replace: 'if (one.line !== null && workable.size > 1_000)',
    title: 'are not reserved again when they have their outcome',
  }),
  'orders/outcome-with-signatures': storing('The outcome of a line is stored with its signatures.', {
    find: 'await tx.insertOrderLines(lines.flatMap(({ line }) => line ?? []));',
    replace: '',
    title: 'have their outcome, the counts and no claim any more in the commit of their signatures',
  }),
  'orders/claim-ends-with-outcome': storing('The claim of a line ends with its outcome.', {
    find: 'await tx.releaseClaims(lines.flatMap(({ claim }) => claim ?? []));',
    replace: '',
    title: 'have their outcome, the counts and no claim any more in the commit of their signatures',
  }),
  'orders/one-outcome-of-two-signatures': storing('Signatures that come twice settle a line once.', {
    find: 'if (request.line === null || fresh.length > 0) await finishClaims',
    replace: 'await finishClaims',
    title: 'get one outcome when a request and its recovery store signatures',
  }),
  'orders/given-up-line': givingUp('A line whose intents are given up gets an outcome.', {
    find: 'if (given.length > 0) {',
    replace: 'if (given.length > 1_000) {',
    title: 'are not-issued from the commit on that gives up one of their intents',
  }),
  'orders/outcome-once': outcome('A line gets no second outcome.', {
    find: 'if (!workable.has(one.line)) continue;',
    replace: '',
    title: 'get none while their intents are open',
  }),
  'orders/foreseen-lines': dryRun('A dry run sees what clashes with its earlier lines.', {
    find: 'withForeseen(stored, one.foreseen ?? [])',
    replace: 'withForeseen(stored, [])',
    title: 'refuses the lines that clash with earlier ones',
  }),
  'orders/foreseen-once': foreseen('Two lines of a dry run that share a key are not both foreseen.', {
    find: 'if ((await tx.foreseenKeys(line.orderId, asked)).length > 0) return false;',
    replace: '',
    title: 'decides a line again if another one with its key was foreseen meanwhile',
  }),
  'orders/foreseen-keys-removed': guardsOf('src/db/tables/orders/parts.ts', 'test/integration/orders/rows.test.ts')(
    'The keys of a dry run are removed with its parts.',
    {
      find: 'if (deleted.length > 0)',
      replace: 'if (deleted.length > 1_000)',
      title: 'have the part of each line, until their parts are deleted',
    },
  ),
  'orders/first-line-of-card': window('A line waits for the earlier one with its card.', {
    find: 'await earlier;',
    replace: 'await Promise.resolve();',
    title: 'begins a line when the earlier one for its card has ended',
  }),
  'orders/card-once': duplicates('A card is issued once in an order.', {
    find: "return ofOrder.some(({ signature }) => signature !== null) ? refused('card-once-in-order') : NONE;",
    replace: 'return NONE;',
    title: 'issues a card once, to the first line that asks for it',
  }),
  'orders/partly-duplicate': duplicates('A line of which some certificates exist is refused.', {
    find: 'twins.length === records.length',
    replace: 'twins.length > 0',
    title: 'finds duplicates of live certificates',
  }),
  'orders/duplicates-refused': duplicates('The API refuses duplicates where the environment says so.', {
    find: "if (line === null) return refused('card-has-this-certificate');",
    replace: 'if (line === null) return NONE;',
    title: 'shows duplicates that the API refuses where the environment says so',
  }),
  'orders/results-are-a-prefix': pages('While an order runs, its results end before the first line without one.', {
    find: ': nextLine;',
    replace: ': Math.max(lines + 1, nextLine);',
    title: 'has one outcome for each line, which never changes',
  }),
  'orders/rest-under-way': rest('Lines under way get no outcome of a cancellation or deadline.', {
    find: "const waiting = [...cards].filter(([line]) => states.get(line) === 'waiting');",
    replace: "const waiting = [...cards].filter(([line]) => states.get(line) !== 'settled');",
    title: 'gives not-issued at the deadline to lines that wait',
  }),
};
