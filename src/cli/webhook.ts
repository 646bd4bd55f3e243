/**
 * `pfcng webhook`: the endpoints that get events, and the deliveries to them. For officers: it
 * calls the API with one of their accounts.
 */
import type { Command } from 'commander';
import { inBothLanguages } from '../kernel/bilingual.js';
import { say, sayTable } from '../terminal/say.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  sayAnswer,
  withCallerOptions,
  withJson,
} from './common/api-command.js';

type Endpoint = {
  readonly name: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly waiting: number;
  readonly dead: number;
  readonly oldestWaitingAt: string | null;
};
type Delivery = {
  readonly id: string;
  readonly event: { readonly id: string; readonly type: string; readonly subject: string; readonly at: string };
  readonly state: string;
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
};
type Page = { readonly deliveries: readonly Delivery[]; readonly nextCursor: string | null };
type Show = Caller & {
  readonly state?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
};

export function registerWebhook(program: Command): void {
  const webhook = program
    .command('webhook')
    .description('endpoints that get events: what waits for them, and what was given up');
  const command = (name: string, description: string): Command =>
    withCallerOptions(webhook.command(name).description(description));
  command('list', 'the endpoints of the configuration, and how many deliveries wait or are dead')
    .option('--json', 'print them as JSON')
    .action((options: Caller & { readonly json?: boolean }) =>
      inApi(options, (api) => list(api, options.json === true)),
    );
  command('show <endpoint>', 'the deliveries to an endpoint, newest first')
    .option('--state <state>', 'only those that are waiting, delivered, dead or dropped')
    .option('--limit <number>', 'number of deliveries, 200 at most (default: 50)')
    .option('--cursor <id>', 'only those before this delivery')
    .option('--json', 'print the page as JSON')
    .action((endpoint: string, options: Show) => inApi(options, (api) => show(api, endpoint, options)));
  withJson(command('test <endpoint>', 'send a test event')).action((endpoint: string, options: Operation) =>
    operate(`${pathOf(endpoint)}/test`, options),
  );
  for (const [name, description] of OPERATIONS)
    withJson(command(`${name} <endpoint> <id>`, description)).action(
      (endpoint: string, id: string, options: Operation) =>
        operate(`${pathOf(endpoint)}/deliveries/${encodeURIComponent(id)}/${name}`, options),
    );
}

type Operation = Caller & JsonOption;

const OPERATIONS = [
  ['replay', 'send a delivery again'],
  ['drop', 'give up a dead delivery, so that later events of its subject are sent'],
] as const;

function pathOf(endpoint: string): string {
  return `/v1/webhooks/${encodeURIComponent(endpoint)}`;
}

async function list(api: Api, json: boolean): Promise<void> {
  const found = await ask<{ readonly endpoints: readonly Endpoint[] }>(api, '/v1/webhooks');
  if (json) return say(JSON.stringify(found));
  if (found.endpoints.length === 0)
    return say(
      inBothLanguages({
        fr: "la configuration n'a aucun destinataire (webhooks)",
        en: 'the configuration has no endpoints (webhooks)',
      }),
    );
  sayTable(
    ['ENDPOINT', 'URL', 'TOPICS', 'WAITING', 'OLDEST', 'DEAD'],
    found.endpoints.map(({ name, url, topics, waiting, oldestWaitingAt, dead }) => [
      name,
      url,
      topics.join(','),
      String(waiting),
      oldestWaitingAt ?? '-',
      String(dead),
    ]),
  );
}

async function show(api: Api, endpoint: string, { state, limit, cursor, json }: Show): Promise<void> {
  const given = Object.entries({ state, limit, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const page = await ask<Page>(api, `${pathOf(endpoint)}/deliveries${query}`);
  if (json === true) return say(JSON.stringify(page));
  sayTable(['ID', 'EVENT', 'TYPE', 'SUBJECT', 'AT', 'STATE', 'ATTEMPTS', 'NEXT', 'LAST'], page.deliveries.map(rowOf));
  if (page.nextCursor !== null)
    say(inBothLanguages({ fr: `suite : --cursor ${page.nextCursor}`, en: `more: --cursor ${page.nextCursor}` }));
}

function rowOf({ id, event, state, attempts, nextAt, lastStatus, lastError }: Delivery): readonly string[] {
  const last = lastError ?? (lastStatus === null ? '-' : String(lastStatus));
  return [id, event.id, event.type, event.subject, event.at, state, String(attempts), nextAt ?? '-', last];
}

function operate(path: string, options: Operation): Promise<void> {
  return inApi(options, async (api) =>
    sayAnswer(await ask<Delivery>(api, path, { payload: '{}' }), options, ({ id, event, state }) =>
      say(
        inBothLanguages({
          fr: `livraison ${id}, événement ${event.id} : ${state}`,
          en: `delivery ${id}, event ${event.id}: ${state}`,
        }),
      ),
    ),
  );
}
