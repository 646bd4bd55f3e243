/**
 * `pfcng order`: submits orders of cards, shows their progress, and fetches their results.
 * It calls the API with an account of a card management system.
 */
import type { Command } from 'commander';
import { systemClock } from '../../compose/world.js';
import { say, sayTable } from '../../terminal/say.js';
import {
  type Api,
  ask,
  askPage,
  type Caller,
  inApi,
  type JsonOption,
  type PageOptions,
  print,
  sayAnswer,
  withCallerOptions,
  withJson,
} from '../common/api-command.js';
import { acknowledge } from './acknowledge.js';
import { follow, orderOf } from './follow.js';
import { countsOf, progressOf, type ShownOrder } from './order-view.js';
import { type Submit, submit } from './submit.js';
import { registerVerify } from './verify.js';

type List = Caller & JsonOption & PageOptions;
type Show = Caller & JsonOption & { readonly follow?: boolean };
type Results = Caller & { readonly from?: string; readonly certificates?: boolean };

export function registerOrder(program: Command): void {
  const order = program
    .command('order')
    .description("orders: a night's card production in one file, with one outcome for each card");
  const command = (name: string, description: string): Command =>
    withCallerOptions(order.command(name).description(description), 'card-management');
  command('submit <file>', 'submit a file with one line of JSON for each card')
    .option('--dry-run', 'check everything and sign nothing')
    .option('--paused', 'accept the order without starting it; pfcng order resume starts it')
    .option('--reference <text>', 'your own name for the order')
    .option('--bureau <account>', 'account of the card bureau that may read the order and acknowledge its cards')
    .option('--key <key>', 'Idempotency-Key (default: from the digest of the file, so that the same file is one order)')
    .option('--follow', 'show the progress until the order ends')
    .option('--json', 'print the order as JSON, and nothing else')
    .action((file: string, options: Submit) => inApi(options, async (api) => void (await submit(api, file, options))));
  command('list', 'the orders, newest first')
    .option('--state <state>', 'only orders in this state: accepted, working, paused, finished, ...')
    .option('--limit <number>', 'number of orders, 200 at most')
    .option('--json', 'print them as JSON')
    .action((options: List) => inApi(options, (api) => list(api, options)));
  command('show <id>', 'the progress of an order')
    .option('--follow', 'show the progress until the order ends')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Show) => inApi(options, (api) => show(api, id, options)));
  command('results <id>', 'the outcomes of the lines, one line of JSON for each')
    .option('--from <line>', 'from this line on')
    .option('--certificates', 'with the certificates (DER, base64)')
    .action((id: string, options: Results) => inApi(options, (api) => print(api, resultsPath(id, options))));
  command('receipt <id>', 'the signed receipt of an order that has ended').action((id: string, options: Caller) =>
    inApi(options, (api) => print(api, `${pathOf(id)}/receipt`)),
  );
  command('bundle <id>', 'certificates and chains for the card bureau').action((id: string, options: Caller) =>
    inApi(options, (api) => print(api, `${pathOf(id)}/bundle`)),
  );
  command(
    'acknowledge <id> <file>',
    'report what was written on the cards, from a file with one line of JSON for each card',
  ).action((id: string, file: string, options: Caller) => inApi(options, (api) => acknowledge(api, id, file)));
  for (const [name, event, description] of CHANGES)
    withJson(command(`${name} <id>`, description)).action((id: string, options: Caller & JsonOption) =>
      inApi(options, (api) => change(api, `${pathOf(id)}/${event}`, options)),
    );
  registerVerify(order);
}

const CHANGES = [
  ['pause', 'pause', 'begin no more lines until the order is resumed'],
  ['resume', 'resumption', 'go on with a paused order'],
  ['cancel', 'cancellation', 'end an order; what is issued stays issued'],
] as const;

function pathOf(id: string): string {
  return `/v1/orders/${encodeURIComponent(id)}`;
}

function resultsPath(id: string, { from, certificates }: Results): string {
  const query = new URLSearchParams({
    ...(from === undefined ? {} : { from }),
    ...(certificates === true ? { include: 'certificates' } : {}),
  });
  return `${pathOf(id)}/results${query.size === 0 ? '' : `?${query.toString()}`}`;
}

type OrdersPage = { readonly orders: readonly ShownOrder[]; readonly nextCursor: string | null };

async function list(api: Api, options: List): Promise<void> {
  const page = await askPage<OrdersPage>(api, '/v1/orders', options);
  if (options.json === true) return say(JSON.stringify(page));
  sayOrders(page.orders);
}

function sayOrders(orders: readonly ShownOrder[]): void {
  sayTable(
    ['ORDER', 'STATE', 'RECEIVED', 'LINES', 'OPEN', 'OUTCOMES', 'REFERENCE'],
    orders.map((order) => [
      order.id,
      order.dryRun ? `${order.state}, dry run` : order.state,
      order.receivedAt,
      String(order.lines),
      String(order.counts.open),
      countsOf(order),
      order.reference ?? '',
    ]),
  );
}

async function show(api: Api, id: string, { follow: follows, json }: Show): Promise<void> {
  if (follows === true) {
    const ended = await follow(api, id, json === true ? process.stderr : process.stdout);
    return json === true ? say(JSON.stringify(ended)) : undefined;
  }
  const order = await orderOf(api, id);
  sayAnswer(order, { json: json === true }, () => {
    sayOrders([order]);
    say(progressOf(order, systemClock()));
  });
}

async function change(api: Api, path: string, options: JsonOption): Promise<void> {
  const order = await ask<ShownOrder>(api, path, { payload: '{}' });
  sayAnswer(order, options, () => say(progressOf(order, systemClock())));
}
