/**
 * `pfcng approvals`, `pfcng approve` and `pfcng refuse`: what waits for a second officer. For
 * officers: they call the API with one of their accounts.
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

export type ShownApproval = {
  readonly id: string;
  readonly action: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  readonly reason: string | null;
  readonly fr?: { readonly reason: string };
  readonly subject: Readonly<Record<string, unknown>>;
  readonly object: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly statementSha256: string;
  readonly signatures: readonly { readonly account: string; readonly at: string }[];
};
type Page = { readonly approvals: readonly ShownApproval[]; readonly nextCursor: string | null };
type List = Caller & {
  readonly state?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
};

export function registerApprovals(program: Command): void {
  const approvals = program.command('approvals').description('requests that wait for a second officer, and past ones');
  withCallerOptions(approvals.command('list').description('the requests, newest first'))
    .option('--state <state>', 'only those that are requested, executed, stale, refused or expired')
    .option('--limit <number>', 'number of requests, 200 at most (default: 50)')
    .option('--cursor <id>', 'only those before this request')
    .option('--json', 'print the page as JSON')
    .action((options: List) => inApi(options, (api) => list(api, options)));
  withCallerOptions(approvals.command('show <id>').description('what will be done, or was done, and who agreed to it'))
    .option('--json', 'print it as JSON')
    .action((id: string, options: Caller & JsonOption) =>
      inApi(options, async (api) => sayAnswer(await ask<ShownApproval>(api, pathOf(id)), options, show)),
    );
  const decision = (name: string, description: string): Command =>
    withJson(withCallerOptions(program.command(name).description(description), 'officer-2'));
  decision('approve <id>', 'agree as the second officer: it is then executed').action(
    (id: string, options: Caller & JsonOption) => decide({ decision: 'approve' }, id, options),
  );
  decision('refuse <id>', 'refuse a request that waits for a second officer')
    .requiredOption('--reason <text>', 'reason, without personal data')
    .action((id: string, options: Caller & JsonOption & { readonly reason: string }) =>
      decide({ decision: 'refuse', reason: options.reason }, id, options),
    );
}

function pathOf(id: string): string {
  return `/v1/approvals/${encodeURIComponent(id)}`;
}

async function list(api: Api, { state, limit, cursor, json }: List): Promise<void> {
  const given = Object.entries({ state, limit, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const page = await ask<Page>(api, `/v1/approvals${query}`);
  if (json === true) return say(JSON.stringify(page));
  sayTable(
    ['ID', 'ACTION', 'STATE', 'REQUESTED BY', 'AT', 'EXPIRES'],
    page.approvals.map(({ id, action, state: of, requestedBy, requestedAt, expiresAt }) => [
      id,
      action,
      of,
      requestedBy,
      requestedAt,
      expiresAt,
    ]),
  );
  if (page.nextCursor !== null)
    say(inBothLanguages({ fr: `suite : --cursor ${page.nextCursor}`, en: `more: --cursor ${page.nextCursor}` }));
}

type Decision = { readonly decision: 'approve' } | { readonly decision: 'refuse'; readonly reason: string };

function decide(decision: Decision, id: string, options: Caller & JsonOption): Promise<void> {
  const payload = JSON.stringify(decision);
  return inApi(options, async (api) =>
    sayAnswer(await ask<ShownApproval>(api, pathOf(id), { payload }), options, show),
  );
}

/** Says what a request asks for, and what its requester tells the second officer. */
export function sayRequested(answer: { readonly approval: ShownApproval }, options: JsonOption): void {
  sayAnswer(answer, options, ({ approval }) => {
    show(approval);
    say(
      inBothLanguages({
        fr: `un second officier décide : pfcng approve ${approval.id}`,
        en: `a second officer decides: pfcng approve ${approval.id}`,
      }),
    );
  });
}

function show(approval: ShownApproval): void {
  const { id, action, state, expiresAt, endedAt, reason, result, signatures, statementSha256 } = approval;
  const why = reason === null ? '' : ` (${inBothLanguages({ fr: approval.fr?.reason ?? reason, en: reason })})`;
  say(`${action} ${id}: ${state}${why}`);
  for (const [member, value] of Object.entries({ ...approval.subject, ...approval.object }))
    say(`  ${member}: ${JSON.stringify(value)}`);
  for (const { account, at } of signatures)
    say(`  ${inBothLanguages({ fr: `accord de ${account} le ${at}`, en: `agreed by ${account} on ${at}` })}`);
  say(`  SHA-256: ${statementSha256}`);
  if (result !== null) say(`  ${inBothLanguages({ fr: 'résultat', en: 'result' })}: ${JSON.stringify(result)}`);
  const end =
    endedAt === null
      ? { fr: `expire le ${expiresAt}`, en: `expires on ${expiresAt}` }
      : { fr: `terminé le ${endedAt}`, en: `ended on ${endedAt}` };
  say(`  ${inBothLanguages(end)}`);
}
