/**
 * `pfcng update`: remote updates of cards, and the request to decide about one that is
 * undetermined. It calls the API with an account.
 */
import { type Command, Option } from 'commander';
import { inBothLanguages } from '../kernel/bilingual.js';
import { UPDATE_STATES } from '../ports/store/cards/card-updates.js';
import { say, sayTable } from '../terminal/say.js';
import { sayRequested } from './approvals.js';
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

type ShownUpdate = {
  readonly id: string;
  readonly card: string;
  readonly state: string;
  readonly stateAt: string;
  readonly begunAt: string;
  readonly confirmBy: string | null;
  readonly overlapUntil: string | null;
  readonly supersede: string;
  readonly replaces: readonly string[];
  readonly reader: { readonly model: string; readonly middleware: string };
  readonly endedBy: string | null;
  readonly certificates?: readonly { readonly id: string; readonly profile: string; readonly status: string }[];
};
type Page = { readonly updates: readonly ShownUpdate[]; readonly nextCursor: string | null };
type List = Caller & {
  readonly card?: string;
  readonly state?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
};
type Decision = Caller & JsonOption & { readonly outcome: string; readonly reason: string };

export function registerUpdate(program: Command): void {
  const update = program.command('update').description('remote updates of cards');
  withCallerOptions(update.command('list').description('the updates, newest first'))
    .option('--card <number>', 'only those of this card')
    .addOption(new Option('--state <state>', 'only those in this state').choices(UPDATE_STATES))
    .option('--limit <number>', 'number of updates, 200 at most (default: 50)')
    .option('--cursor <id>', 'only those before this update')
    .option('--json', 'print the page as JSON')
    .action((options: List) => inApi(options, (api) => list(api, options)));
  withCallerOptions(update.command('show <card> <id>').description('an update with its certificates'))
    .option('--json', 'print it as JSON')
    .action((card: string, id: string, options: Caller & { readonly json?: boolean }) =>
      inApi(options, async (api) =>
        sayAnswer(await ask<ShownUpdate>(api, `${pathOf(card)}/${encodeURIComponent(id)}`), options, show),
      ),
    );
  withJson(
    withCallerOptions(
      update
        .command('decide <id>')
        .description('request a decision about an undetermined update; a second officer approves it')
        .addOption(
          new Option('--outcome <outcome>', 'confirmed: the card holds its new certificates; abandoned: it does not')
            .choices(['confirmed', 'abandoned'])
            .makeOptionMandatory(),
        )
        .requiredOption('--reason <text>', 'reason, without personal data'),
    ),
  ).action((id: string, { outcome, reason, ...caller }: Decision) =>
    inApi(caller, async (api) =>
      sayRequested(
        await ask(api, `/v1/updates/${encodeURIComponent(id)}/decision`, {
          payload: JSON.stringify({ outcome, reason }),
        }),
        caller,
      ),
    ),
  );
}

function pathOf(card: string): string {
  return `/v1/cards/${encodeURIComponent(card)}/updates`;
}

async function list(api: Api, { card, state, limit, cursor, json }: List): Promise<void> {
  const given = Object.entries({ state, limit, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const page = await ask<Page>(api, `${card === undefined ? '/v1/updates' : pathOf(card)}${query}`);
  if (json === true) return say(JSON.stringify(page));
  sayTable(
    ['ID', 'CARD', 'STATE', 'SINCE', 'CONFIRM BY'],
    page.updates.map((one) => [one.id, one.card, one.state, one.stateAt, one.confirmBy ?? '-']),
  );
  if (page.nextCursor !== null)
    say(inBothLanguages({ fr: `suite : --cursor ${page.nextCursor}`, en: `more: --cursor ${page.nextCursor}` }));
}

function show(update: ShownUpdate): void {
  const { id, card, state, stateAt, begunAt, confirmBy, overlapUntil, supersede, reader, endedBy } = update;
  say(`update ${id} of card ${card}: ${state} since ${stateAt}`);
  say(`  begun ${begunAt}, with ${reader.model} and ${reader.middleware}`);
  if (confirmBy !== null) say(`  to be confirmed by ${confirmBy}`);
  if (overlapUntil !== null) say(`  overlap until ${overlapUntil}, then: ${supersede}`);
  if (endedBy !== null) say(`  by ${endedBy}`);
  for (const certificate of update.certificates ?? [])
    say(`  new: ${certificate.id} ${certificate.profile} ${certificate.status}`);
  for (const replaced of update.replaces) say(`  replaces: ${replaced}`);
}
