/**
 * `pfcng holder`: whether a holder is barred, with the cards, and the request to lift the bar. It
 * calls the API with an account.
 */
import type { Command } from 'commander';
import { say } from '../terminal/say.js';
import { sayRequested } from './approvals.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  withCallerOptions,
  withJson,
} from './common/api-command.js';

type ShownHolder = {
  readonly holder: string;
  readonly state: string;
  readonly stateAt: string | null;
  readonly cards: readonly { readonly tokenId: string; readonly state: string; readonly stateAt: string }[];
  readonly procedures: readonly { readonly kind: string; readonly reference: string; readonly openedAt: string }[];
};

export function registerHolder(program: Command): void {
  const holder = program.command('holder').description('holders: whether one is barred, and which cards one has');
  withCallerOptions(holder.command('show <id>').description('state, cards and open procedures of a holder'))
    .option('--json', 'print it as JSON')
    .action((id: string, options: Caller & { readonly json?: boolean }) =>
      inApi(options, (api) => show(api, id, options.json === true)),
    );
  withJson(
    withCallerOptions(
      holder
        .command('unbar <id>')
        .description('request that certificates are issued again for a barred holder; a second officer approves it')
        .requiredOption('--reason <text>', 'reason, without personal data'),
    ),
  ).action((id: string, options: Unbar) => inApi(options, (api) => unbar(api, id, options)));
}

async function show(api: Api, id: string, json: boolean): Promise<void> {
  const found = await ask<ShownHolder>(api, `/v1/holders/${encodeURIComponent(id)}`);
  if (json) return say(JSON.stringify(found));
  const { holder, state, stateAt, cards, procedures } = found;
  say(`holder ${holder}: ${state}${stateAt === null ? '' : ` since ${stateAt}`}`);
  for (const card of cards) say(`card ${card.tokenId}: ${card.state} since ${card.stateAt}`);
  for (const { kind, reference, openedAt } of procedures) say(`open: ${kind} ${reference} since ${openedAt}`);
}

type Unbar = Caller & JsonOption & { readonly reason: string };

async function unbar(api: Api, id: string, options: Unbar): Promise<void> {
  const { reason } = options;
  const query = new URLSearchParams({ reason }).toString();
  sayRequested(await ask(api, `/v1/holders/${encodeURIComponent(id)}/bar?${query}`, { method: 'DELETE' }), options);
}
