import { guardsOf, type Mutants } from './mutant.js';

const UPLOAD = 'test/integration/orders/upload.test.ts';
const CONTROL = 'test/integration/orders/control.test.ts';
const JOBS = 'test/integration/jobs/uploads.test.ts';

const receive = guardsOf('src/operations/orders/receive.ts', UPLOAD);
const control = guardsOf('src/operations/orders/control.ts', CONTROL);
const schema = guardsOf('src/db/tables/orders/orders.ts', 'test/integration/orders/rows.test.ts');
const stream = guardsOf('src/http/server/stream-body.ts', 'test/unit/http/streams/stream-body.test.ts');
const states = guardsOf('src/lifecycle/order-states.ts', 'test/unit/lifecycle/order-states.test.ts');

/** Guards of orders: their uploads, their states, and their rows. */
export const ORDERS: Mutants = {
  'orders/digest': receive('An upload that was altered on its way is not accepted.', {
    find: 'if (differs !== null) return err(',
    replace: 'if (differs !== null && order.lines === 0) return err(',
    title: 'is refused with another digest',
  }),
  'orders/digest-of-lines': guardsOf(
    'src/http/api/campaigns/read-lines.ts',
    'test/unit/http/streams/content-digest.test.ts',
  )('Lines that were altered on their way do not end as if they were whole.', {
    find: 'if (fault !== null) return yield',
    replace: 'if (fault !== null && linesMax === 0) return yield',
    title: 'ends with a fault if it has others',
  }),
  'orders/discarded': receive('An upload that is not completed frees its key and its place.', {
    find: 'if (!accepted.ok) await discardUpload(world, id);',
    replace: '',
    title: 'is refused with another digest, and without a line; its key is free then',
  }),
  'orders/answered-before-the-body': receive('A repetition with a known digest costs the client no upload.', {
    find: 'if (contentSha256 !== null) return ok(earlier);',
    replace: '',
    title: 'a known digest is answered before an octet of the body',
    hangs: true,
  }),
  'orders/in-progress': receive('Two uploads at once under one key are one order.', {
    find: "if (earlier.state === 'receiving') return",
    replace: "if (earlier.state === 'discarded') return",
    title: 'is in progress while the first one under its key is received',
  }),
  'orders/same-parameters': receive('A dry run and an order are not the same request.', {
    find: 'earlier.dryRun === dryRun && earlier.reference === reference && earlier.bureauId === bureauId',
    replace: 'true',
    title: 'is a mismatch under a known key with other octets or other parameters',
  }),
  'orders/account-enabled': receive('An account that was disabled during its upload gives no order.', {
    find: 'if (!permitted.ok) return permitted;',
    replace: '',
    title: 'is discarded when its account is disabled meanwhile',
  }),
  'orders/lines-max': receive('An upload has at most as many lines as the policy says.', {
    find: 'if (lastLine > linesMax)',
    replace: 'if (lastLine < 0)',
    title: 'is refused as soon as it is known to be too large',
  }),
  'orders/live-orders': receive('An account cannot make its parts slow with many small orders.', {
    find: 'if (use.orders + uploads > liveOrdersMax)',
    replace: 'if (use.orders < 0)',
    title: 'is refused while the account has too many orders that have not ended',
  }),
  'orders/open-lines': receive('An account cannot fill the database with orders.', {
    find: 'if (use.openLines + lines > openLinesMax)',
    replace: 'if (use.openLines < 0)',
    title: 'is refused while the account has too many uploads or open lines',
  }),
  'orders/idle': stream('A client that sends nothing keeps no place.', {
    find: 'Math.min(idleMs, deadline - now)',
    replace: 'deadline - now',
    title: 'is too slow when the client sends nothing for the time that it may',
    hangs: true,
  }),
  'orders/total': stream('A client that sends little keeps its place for a limited time.', {
    find: 'Math.min(idleMs, deadline - now)',
    replace: 'idleMs',
    title: 'is too slow when it is not complete in the time that it may take, however often it sends',
    hangs: true,
  }),
  'orders/continue-late': guardsOf('src/http/server/continue.ts', UPLOAD)(
    '100-continue is sent when the body is wanted, and not before.',
    {
      find: 'waiting.set(request, response);',
      replace: 'response.writeContinue();',
      title: 'a known digest is answered before an octet of the body',
    },
  ),
  'orders/seen-by-their-own': guardsOf('src/operations/orders/read.ts', UPLOAD)(
    'An account with a limited scope sees its own orders only.',
    {
      find: 'order.accountId === id || order.bureauId === id || seesAll(account, action)',
      replace: 'order.id !== id || seesAll(account, action)',
      title: 'is seen by its account, by the bureau that it names, and by unlimited accounts',
    },
  ),
  'orders/controlled-by-their-own': control('An account with a limited scope controls its own orders only.', {
    find: 'return order.accountId === id || isUnlimited(scope);',
    replace: 'return order.id !== id || isUnlimited(scope);',
    title: 'is controlled by its account and by officers',
  }),
  'orders/paused-with-their-account': guardsOf('src/operations/accounts/change-account.ts', CONTROL)(
    'Disabling an account stops its orders.',
    {
      find: "if (event.type === 'account.disabled') await pauseOrdersOf(tx, after.id, written.at);",
      replace: '',
      title: 'is paused by the system when its account is disabled',
    },
  ),
  'orders/not-resumed-while-disabled': control('The orders of a disabled account are not resumed.', {
    find: "control === 'resume' && ",
    replace: 'id === control && ',
    title: 'is paused by the system when its account is disabled, and not resumed before it is enabled',
  }),
  'orders/own-uploads': guardsOf('src/jobs/orders/uploads.ts', JOBS)(
    'An upload that is being received is not discarded.',
    {
      find: '!world.underWay.has(id)',
      replace: 'id !== world.run',
      title: 'discard those of ended runs, and those of this process that nobody receives; no others',
    },
  ),
  'orders/dead-uploads': guardsOf('src/jobs/orders/uploads.ts', JOBS)('An upload of an ended run is discarded.', {
    find: ': !isRunLive;',
    replace: ': isRunLive && run === world.run;',
    title: 'discard those of ended runs',
  }),
  'orders/parts-kept': guardsOf('src/db/tables/orders/parts.ts', JOBS)(
    'The parts of an order are kept while they are needed.',
    {
      find: 'o.finished_at < ?)',
      replace: 'o.finished_at < ? + 10000000000000)',
      title: 'remove the parts of discarded orders at once, and those of ended ones after 30 days',
    },
  ),
  'orders/ended-is-final': schema('An order that has ended does not change.', {
    find: 'anyDiffers(PROGRESS_COLUMNS)',
    replace: "'old.id <> new.id'",
    title: 'and their outcomes cannot be changed past the program',
  }),
  'orders/counts-never-fall': schema('Counts never fall.', {
    find: "['next_line', 'octets', 'lines', 'version', ...COUNTS]",
    replace: "['octets']",
    title: 'and their outcomes cannot be changed past the program',
  }),
  'orders/written-once': guardsOf('src/db/table.ts', 'test/integration/orders/rows.test.ts')(
    'Hashes and receipts are written once.',
    {
      find: 'facts.filter((fact) => fact.changes === changes)',
      replace: 'facts.filter((fact) => fact.isPrimary)',
      title: 'and their outcomes cannot be changed past the program',
    },
  ),
  'orders/cancelled-is-final': states('A cancelled order does not go on.', {
    find: 'cancelled: {\n    accept: received,\n',
    replace: "cancelled: {\n    accept: { to: 'accepted' },\n",
    title: 'ends once',
  }),
};
