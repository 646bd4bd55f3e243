import { guardsOf, type Mutants } from './mutant.js';

const PACE = 'test/integration/orders/pace.test.ts';
const groups = guardsOf('src/db/engine/group-commit.ts', 'test/unit/db/group-priorities.test.ts');
const requests = guardsOf('hsm/supervisor/requests.ts', 'test/unit/hsm/supervisor/requests.test.ts');
const api = guardsOf('src/http/api/api.ts', 'test/unit/orders/interactive-requests.test.ts');
const reserving = guardsOf('src/operations/issuance/reserve.ts', PACE);
const pace = guardsOf('src/operations/issuance/pace.ts', PACE);

/**
 * Guards that keep batch work behind interactive work, and orders below the caps, and those of the
 * commands of orders.
 */
export const PRIORITIES: Mutants = {
  'priorities/few-batch-items': groups('A turn has few batch items while there is interactive work.', {
    find: 'batch.splice(0, isBesideInteractive ? BATCH_ITEMS_BESIDE_INTERACTIVE : itemsMax)',
    replace: 'batch.splice(0, isBesideInteractive ? itemsMax : itemsMax)',
    title: 'has ten batch items besides, every second time',
  }),
  'priorities/recent-interactive-work': groups('Interactive work that just ended keeps batch groups small.', {
    find: 'interactive.length > 0 || isRecent()',
    replace: 'interactive.length > 0 || (isRecent() && interactive.length > 0)',
    title: 'has ten batch items while interactive work is recent',
  }),
  'priorities/interactive-first': groups('Interactive items come first in a turn.', {
    find: "const waiting = priority === 'batch' ? batch : interactive;",
    replace: "const waiting = priority === 'batch' ? interactive : batch;",
    title: 'has only the interactive ones, whenever they came',
  }),
  'priorities/interactive-alone': groups('Batch items do not make a turn of interactive ones longer.', {
    find: 'if (areAlone) return first;',
    replace: '',
    title: 'has only the interactive ones, whenever they came',
  }),
  'priorities/batch-goes-on': groups('Batch items go on however many interactive ones come.', {
    find: 'const areAlone = first.length > 0 && !wereBatchItemsLeftOut;',
    replace: 'const areAlone = first.length > 0;',
    title: 'has ten batch items besides, every second time',
  }),
  'priorities/batch-share-of-signer': requests('Batch requests have a share of a signer beside interactive ones.', {
    find: 'isBatchLimited ? BATCH_DIVISOR : 1;',
    replace: 'isBatchLimited ? 1 : 1;',
    title: 'of batches have one at a child of eight in the second after an interactive one',
  }),
  'priorities/batch-at-the-worker': guardsOf('src/compose/signers/client.ts', 'test/unit/compose/batch-signer.test.ts')(
    'Batch certificates are requested at the sockets of the worker.',
    {
      find: "roles.includes('api') && roles.includes('worker') ? connect('worker') : signer;",
      replace: "roles.includes('api') && roles.includes('worker') ? connect('api') : signer;",
      title: 'sign for requests at the sockets of the API, and for batch work at those of the worker',
    },
  ),
  'priorities/recovery-is-batch': guardsOf('src/operations/issuance/recover.ts', 'test/unit/attack/recover.test.ts')(
    'Recovered intents are signed as batch work.',
    {
      find: 'signer: holderSigner(batch.signer),',
      replace: 'signer: holderSigner(world.signer),',
      title: 'does not retry a profile at its rate limit',
    },
  ),
  'priorities/share-at-successor': requests('The successor of a child begins with no request of a batch.', {
    find: 'for (const priority of PRIORITIES) inFlightOf[priority] = 0;',
    replace: '',
    title: 'of batches that a child left unanswered keep their limit at its successor',
  }),
  'priorities/reading-is-not-interactive': api('A client that polls its order does not slow it down.', {
    find: 'if (INTERACTIVE_ACTIONS.has(route.action)) world.interactive.note();',
    replace: 'world.interactive.note();',
    title: 'do not read, and are permitted and valid',
  }),
  'orders/follow-over-failures': guardsOf(
    'src/cli/order/follow.ts',
    'test/integration/service/orders/order-commands.test.ts',
  )('The command follows an order over lost connections and failures of the service.', {
    find: 'if (error instanceof Refused) return error.status < 500 && error.status !== 429;',
    replace: 'if (error instanceof Error) return true;',
    title: 'goes on after a lost connection and a failure',
  }),
  'doctor/part-of-a-process': guardsOf('src/cli/doctor/running.ts', 'test/unit/cli/doctor-running.test.ts')(
    'The doctor reports a part of a process that is wrong.',
    {
      find: 'const wrong = said.filter(({ state }) => !good.test(state));',
      replace: 'const wrong = said.filter(({ state }) => !good.test(state) && state === name);',
      title: 'alone, and what to do',
    },
  ),
  'orders/file-is-one-order': guardsOf(
    'src/cli/order/submit.ts',
    'test/integration/service/orders/order-commands.test.ts',
  )('A file that is submitted again is the same order.', {
    find: "'idempotency-key': key }",
    replace: "'idempotency-key': String(systemSteadyMs()) }",
    title: 'submit hands a file over once, however often it is called',
  }),
  'pace/line-waits': reserving('A line of an order waits for the pace.', {
    find: 'const decision = paced(pace, one,',
    replace: 'const decision = paced(null, one,',
    title: 'never reaches the cap with',
  }),
  'pace/all-issuance-counted': reserving('All issuance is counted for the pace.', {
    find: 'reserved.flatMap(profilesOf)',
    replace: 'reserved.flatMap((one) => (one.paceCaps === null ? [] : profilesOf(one)))',
    title: 'count with what single requests have taken',
  }),
  'pace/within-a-group': reserving('Lines of one group see each other.', {
    find: "if (decision.kind === 'reserved') pace?.add(profilesOf(one));",
    replace: '',
    title: 'never reaches the cap with',
  }),
  'pace/oldest-minute': pace('The oldest minute of the window counts as a whole.', {
    find: 'from: thisMinute - WINDOW_MINUTES })',
    replace: 'from: thisMinute - WINDOW_MINUTES + 1 })',
    title: 'never reaches the cap with',
  }),
};
