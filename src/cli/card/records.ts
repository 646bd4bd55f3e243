/**
 * `pfcng card show`, `capabilities` and `replace`, which call the API with an account, and
 * `pfcng card duplicates`, which reads the database.
 */
import type { Command } from 'commander';
import { type DuplicateKey, findDuplicateKeys } from '../../operations/cards/find-duplicates.js';
import { fail, say } from '../../terminal/say.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  sayAnswer,
  withCallerOptions,
  withJson,
} from '../common/api-command.js';
import { unreadable, withRecords } from '../common/records.js';

type Capabilities = Caller &
  JsonOption & {
    readonly generation: string;
    readonly applet: string;
    readonly keyType: readonly string[];
    readonly spareContainers: string;
  };
type Replace = Caller & JsonOption & { readonly overlap: string };

type ShownCard = {
  readonly tokenId: string;
  readonly product: string | null;
  readonly holder: string | null;
  readonly state: string;
  readonly stateAt: string;
  readonly reason: string | null;
  readonly replacement: { readonly tokenId: string; readonly until: string | null } | null;
  readonly capabilities: { readonly generation: string; readonly deskReasons: readonly string[] } | null;
};
type ShownCertificate = {
  readonly id: string;
  readonly profile: string;
  readonly status: string;
  readonly notAfter: string;
};
type CardDetails = ShownCard & {
  readonly certificates: readonly ShownCertificate[];
  readonly procedure: { readonly kind: string; readonly reference: string } | null;
  readonly updates: readonly { readonly id: string; readonly state: string; readonly stateAt: string }[];
  readonly campaign: { readonly id: string; readonly state: string; readonly reason: string | null } | null;
};

export function registerRecords(card: Command): void {
  const command = (name: string, description: string, as: string): Command =>
    withCallerOptions(card.command(name).description(description), as);
  command(
    'show <token-id>',
    'state, capabilities, certificates, updates, open procedure and campaign of a card',
    'officer-1',
  )
    .option('--json', 'print it as JSON')
    .action((tokenId: string, options: Caller & { readonly json?: boolean }) =>
      inApi(options, (api) => show(api, tokenId, options.json === true)),
    );
  withJson(command('capabilities <token-id>', 'report what a card can do, as read from the card', 'card-management'))
    .requiredOption('--generation <name>', 'generation, as the policy names it: cps4')
    .requiredOption('--applet <version>', 'version of the applet: 4.1.0')
    .requiredOption('--key-type <types...>', 'types of keys that the card makes')
    .requiredOption('--spare-containers <number>', 'containers in which new keys fit beside the present ones')
    .action((tokenId: string, options: Capabilities) => inApi(options, (api) => report(api, tokenId, options)));
  withJson(command('replace <token-id> <new-token-id>', 'name the card that replaces another one', 'card-management'))
    .requiredOption('--overlap <duration>', 'how long the old certificates stay good, P90D at most: P7D')
    .action((tokenId: string, by: string, options: Replace) =>
      inApi(options, (api) => replace(api, { tokenId, by, options })),
    );
  card
    .command('duplicates')
    .description('keys with certificates on two cards, or in two profiles of cards: one line of JSON for each')
    .action(duplicates);
}

function pathOf(tokenId: string): string {
  return `/v1/cards/${encodeURIComponent(tokenId)}`;
}

async function show(api: Api, tokenId: string, json: boolean): Promise<void> {
  const card = await ask<CardDetails>(api, pathOf(tokenId));
  if (json) return say(JSON.stringify(card));
  sayCard(card);
  for (const { id, profile, status, notAfter } of card.certificates)
    say(`certificate ${id}: ${profile}, ${status}, until ${notAfter}`);
  for (const { id, state, stateAt } of card.updates) say(`update ${id}: ${state} since ${stateAt}`);
  if (card.procedure !== null) say(`open: ${card.procedure.kind} ${card.procedure.reference}`);
  if (card.campaign === null) return;
  const { id, state, reason } = card.campaign;
  say(`campaign ${id}: ${state}${reason === null ? '' : `, ${reason}`}`);
}

function sayCard(card: ShownCard): void {
  const { tokenId, product, holder, state, stateAt, reason, replacement, capabilities } = card;
  say(`card ${tokenId} (${product ?? 'no certificate yet'}) of ${holder ?? 'nobody yet'}`);
  say(`${state} since ${stateAt}${reason === null ? '' : `, ${reason}`}`);
  if (replacement !== null)
    say(
      `replaced by ${replacement.tokenId}${replacement.until === null ? '' : `, overlap until ${replacement.until}`}`,
    );
  if (capabilities !== null) {
    const { generation, deskReasons } = capabilities;
    const desk = deskReasons.length === 0 ? 'can be updated remotely' : `to a service desk: ${deskReasons.join(', ')}`;
    say(`generation ${generation}, ${desk}`);
  }
}

async function report(api: Api, tokenId: string, options: Capabilities): Promise<void> {
  const { generation, applet, keyType: keyTypes, spareContainers } = options;
  const payload = JSON.stringify({ generation, applet, keyTypes, spareContainers: Number(spareContainers) });
  sayAnswer(await ask<ShownCard>(api, `${pathOf(tokenId)}/capabilities`, { payload }), options, sayCard);
}

type Replacement = { readonly tokenId: string; readonly by: string; readonly options: Replace };

async function replace(api: Api, { tokenId, by, options }: Replacement): Promise<void> {
  const payload = JSON.stringify({ tokenId: by, overlap: options.overlap });
  sayAnswer(await ask<ShownCard>(api, `${pathOf(tokenId)}/replacement`, { payload }), options, sayCard);
}

/** Keys in one read. */
const KEYS_A_PAGE = 1_000;

async function duplicates(): Promise<void> {
  await withRecords(async ({ store }) => {
    let after: string | null = '';
    while (after !== null) {
      const from: string = after;
      const page = await store.read((reads) => findDuplicateKeys(reads, { after: from, limit: KEYS_A_PAGE }));
      if (!page.ok) return fail([unreadable(page.error.detail)]);
      for (const duplicate of page.value.duplicates) say(JSON.stringify(shown(duplicate)));
      after = page.value.next;
    }
  });
}

function shown({ spkiSha256, certificates }: DuplicateKey) {
  return {
    spkiSha256,
    certificates: certificates.map(({ id, issuer, serial, profile, cardTokenId: card, state: { status } }) => ({
      id,
      issuer,
      serialNumber: serial,
      profile,
      card,
      status,
    })),
  };
}
