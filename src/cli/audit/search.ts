/**
 * `pfcng audit search`: finds entries of the audit log, newest first. For auditors and officers: it
 * calls the API with one of their accounts.
 */
import type { Command } from 'commander';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { escapeForTerminal, say } from '../../terminal/say.js';
import { type Api, ask, type Caller, inApi, withCallerOptions } from '../common/api-command.js';

const FILTERS = ['since', 'until', 'actor', 'type', 'outcome', 'id', 'holder', 'card', 'limit', 'cursor'] as const;
type Search = Caller & { readonly json?: boolean } & Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

type Entry = {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly outcome: string;
  readonly request: string | null;
  readonly details: unknown;
};
type Page = { readonly entries: readonly { readonly entry: Entry }[]; readonly nextCursor: string | null };

export function registerSearch(audit: Command): void {
  withCallerOptions(audit.command('search').description('find entries, newest first'))
    .option('--since <time>', 'of this time or later, RFC 3339 in UTC')
    .option('--until <time>', 'of this time or earlier')
    .option('--actor <actor>', 'account:ID, certificate:ISSUER/SERIAL, system, or anonymous (an unknown client)')
    .option('--type <type>', 'certificate.revoked, access.denied, ...')
    .option('--outcome <outcome>', 'success, failure or intent')
    .option('--id <id>', 'of a request (X-Request-Id), certificate, order, account or key')
    .option('--holder <id>', 'of a holder, for example an IdNat: the server computes its tags')
    .option('--card <tokenId>', 'of a card')
    .option('--limit <count>', 'entries of a page, at most 200', '50')
    .option('--cursor <cursor>', 'the next page: what the page before printed')
    .option('--json', 'print the page as JSON')
    .action((options: Search) => inApi(options, (api) => search(api, options)));
}

async function search(api: Api, options: Search): Promise<void> {
  const asked = FILTERS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  const page = await ask<Page>(api, `/v1/audit/entries?${new URLSearchParams(asked).toString()}`);
  if (options.json === true) return say(JSON.stringify(page));
  for (const { entry } of page.entries) say(escapeForTerminal(lineOf(entry)));
  if (page.nextCursor !== null)
    say(`${inBothLanguages({ fr: 'page suivante', en: 'next page' })}: --cursor ${page.nextCursor}`);
}

function lineOf({ seq, at, type, actor, outcome, request, details }: Entry): string {
  const cause = request === null ? '' : `  ${request}`;
  return `${at}  ${seq}  ${type}  ${outcome}  ${actor}${cause}  ${JSON.stringify(details)}`;
}
