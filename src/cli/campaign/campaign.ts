/**
 * `pfcng campaign`: gives many cards new keys, and shows how far it is. It calls the API with an
 * account of an officer.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { say, sayTable } from '../../terminal/say.js';
import { naming } from '../../terminal/system-error.js';
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
import { registerDecisions } from './decisions.js';
import { uploadList, uploadNotices } from './upload-lines.js';

type ShownDate = { readonly at: string; readonly armedAt: string | null; readonly outcome: string | null };

type ShownCampaign = {
  readonly id: string;
  readonly state: string;
  readonly stateAt: string;
  readonly dates: { readonly suspension: ShownDate | null; readonly revocation: ShownDate | null };
  readonly action: { readonly kind: string; readonly changed: number } | null;
  readonly request: { readonly name: string };
};

type Figures = {
  readonly cards: readonly {
    readonly class: string;
    readonly state: string;
    readonly reason: string | null;
    readonly count: number;
  }[];
  readonly classes: readonly {
    readonly class: string;
    readonly capacityPerHour: number;
    readonly usedLastHour: number;
    readonly placesAhead: number;
    readonly nextPlaceAt: string;
  }[];
};

type List = Caller & JsonOption & PageOptions;
type Cards = Caller & { readonly state?: string; readonly reason?: string };

export function registerCampaign(program: Command): void {
  const campaign = program.command('campaign').description('campaigns: many cards that are to get new keys');
  const command = (name: string, description: string): Command =>
    withCallerOptions(campaign.command(name).description(description));
  withJson(command('create <file>', 'create a campaign from a file of JSON')).action(
    (file: string, options: Caller & JsonOption) =>
      inApi(options, async (api) => {
        const payload = naming(file, () => readFileSync(file, 'utf8'));
        sayAnswer(await ask<ShownCampaign>(api, '/v1/campaigns', { payload }), options, show);
      }),
  );
  withJson(command('list', 'the campaigns, newest first'))
    .option('--state <state>', 'draft, preparing, ready, open, paused or ended')
    .option('--limit <n>', 'at most so many')
    .action((options: List) => inApi(options, (api) => list(api, options)));
  command('show <id>', 'a campaign and its dates')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Caller & JsonOption) =>
      inApi(options, async (api) => {
        sayAnswer(await ask<ShownCampaign>(api, pathOf(id)), options, show);
      }),
    );
  command('counts <id>', 'how far a campaign is')
    .option('--json', 'print them as JSON, with readers and times')
    .action((id: string, options: Caller & JsonOption) => inApi(options, (api) => counts(api, id, options)));
  command('cards <id>', 'the cards of a campaign, one line of JSON for each')
    .option('--state <state>', 'only cards in this state: waiting, ticket, begun, to-desk, ...')
    .option('--reason <reason>', 'only cards that go to a desk for this reason')
    .action((id: string, options: Cards) => inApi(options, (api) => print(api, cardsPath(id, options))));
  command(
    'upload <id> <class> <file>',
    'upload the cards of a class, from a file with one line of JSON for each',
  ).action((id: string, className: string, file: string, options: Caller) =>
    inApi(options, (api) => uploadList(api, `${pathOf(id)}/lists/${encodeURIComponent(className)}`, file)),
  );
  command('notices <id> <file>', 'record that holders were told, from a file with one line of JSON for each').action(
    (id: string, file: string, options: Caller) =>
      inApi(options, (api) => uploadNotices(api, `${pathOf(id)}/notices`, file)),
  );
  command('desk <id> <card>', 'send a card to a desk').action((id: string, card: string, options: Caller) =>
    inApi(options, async (api) =>
      say(JSON.stringify(await ask(api, `${pathOf(id)}/cards/${encodeURIComponent(card)}/desk`, { payload: '{}' }))),
    ),
  );
  for (const [name, path, description] of CONTROLS)
    withJson(command(`${name} <id>`, description)).action((id: string, options: Caller & JsonOption) =>
      inApi(options, async (api) =>
        sayAnswer(await ask<ShownCampaign>(api, `${pathOf(id)}/${path}`, { payload: '{}' }), options, show),
      ),
    );
  registerDecisions(command);
}

const CONTROLS = [
  ['pause', 'pause', 'pause a campaign: no places, no new updates, and no date acts'],
  ['resume', 'resumption', 'go on with a paused campaign'],
] as const;

export function pathOf(id: string): string {
  return `/v1/campaigns/${encodeURIComponent(id)}`;
}

function cardsPath(id: string, { state, reason }: Cards): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(reason === undefined ? {} : { reason }),
  });
  return `${pathOf(id)}/cards${query.size === 0 ? '' : `?${query.toString()}`}`;
}

type CampaignsPage = { readonly campaigns: readonly ShownCampaign[]; readonly nextCursor: string | null };

async function list(api: Api, options: List): Promise<void> {
  const page = await askPage<CampaignsPage>(api, '/v1/campaigns', options);
  if (options.json === true) return say(JSON.stringify(page));
  sayTable(
    ['CAMPAIGN', 'STATE', 'SUSPENDS', 'REVOKES', 'NAME'],
    page.campaigns.map(({ id, state, dates, request }) => [
      id,
      state,
      writtenDate(dates.suspension),
      writtenDate(dates.revocation),
      request.name,
    ]),
  );
}

async function counts(api: Api, id: string, { json }: JsonOption): Promise<void> {
  const figures = await ask<Figures>(api, `${pathOf(id)}/counts`);
  if (json === true) return say(JSON.stringify(figures));
  sayTable(
    ['CLASS', 'STATE', 'REASON', 'CARDS'],
    figures.cards.map((one) => [one.class, one.state, one.reason ?? '', String(one.count)]),
  );
  sayTable(
    ['CLASS', 'AN HOUR', 'LAST HOUR', 'AHEAD', 'NEXT PLACE'],
    figures.classes.map((one) => [
      one.class,
      String(one.capacityPerHour),
      String(one.usedLastHour),
      String(one.placesAhead),
      one.nextPlaceAt,
    ]),
  );
}

function show({ id, state, stateAt, dates, action, request }: ShownCampaign): void {
  say(`campaign ${id} (${request.name}): ${state} since ${stateAt}`);
  say(`  suspension: ${writtenDate(dates.suspension)}`);
  say(`  revocation: ${writtenDate(dates.revocation)}`);
  if (action !== null) say(`  ${action.kind}: ${action.changed} certificates so far`);
}

function writtenDate(date: ShownDate | null): string {
  if (date === null) return 'no date';
  const armed = date.armedAt === null ? 'not armed' : `armed ${date.armedAt}`;
  return `${date.at} (${date.outcome ?? armed})`;
}
