/**
 * `pfcng revocation`: revokes everything that a selection matches, by one order that the service
 * works off. For officers: it calls the API with one of their accounts, and shows the progress of
 * the order.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { systemClock } from '../compose/world.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { sha256Hex } from '../kernel/digest.js';
import { activity } from '../terminal/activity.js';
import { fail, say } from '../terminal/say.js';
import { naming } from '../terminal/system-error.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  print,
  sayAnswer,
  withCallerOptions,
  withJson,
} from './common/api-command.js';

type Selectors = {
  readonly ca?: string;
  readonly profile?: string;
  readonly issuedFrom?: string;
  readonly issuedUntil?: string;
  readonly spki?: string;
  readonly certificate?: string;
};
type Start = Selectors &
  Caller &
  JsonOption & {
    readonly reason: string;
    readonly invalidityDate?: string;
    readonly count?: string;
    readonly account?: readonly string[];
    readonly platform?: readonly string[];
    readonly dryRun?: boolean;
    readonly detach?: boolean;
  };
type SelectedCertificate = { readonly issuer: string; readonly serialNumber: string };
type Preview = {
  readonly matched: number;
  readonly accounts: readonly (SelectedCertificate & { readonly account: string })[];
  readonly platform: readonly (SelectedCertificate & { readonly part: string })[];
};
type Order = {
  readonly id: string;
  readonly state: 'running' | 'completed' | 'cancelled';
  readonly reason: string;
  readonly matched: number;
  readonly done: number;
  readonly revoked: number;
  readonly alreadyRevoked: number;
};

const POLL_MS = 1_000;

export function registerRevocation(program: Command): void {
  const revocation = program
    .command('revocation')
    .description('revoke everything that a selection matches by one order: a batch of cards, a key, a profile, a CA');
  const command = (name: string, description: string): Command =>
    withCallerOptions(revocation.command(name).description(description));
  withSelectors(
    withJson(
      command('preview', 'how many certificates an order would revoke now, and which of accounts and of the platform'),
    ),
  ).action((options: Selectors & Caller & JsonOption) =>
    inApi(options, async (api) => sayAnswer(await previewOf(api, selectionOf(options)), options, sayPreview)),
  );
  withSelectors(withJson(command('start', 'start the order, and show its progress until it ends')))
    .requiredOption('--reason <reason>', 'keyCompromise, superseded, cessationOfOperation, ... (RFC 5280 5.3.1)')
    .option('--invalidity-date <time>', 'when the keys probably became invalid, RFC 3339 in UTC')
    .option('--dry-run', 'show what the order would revoke, and stop')
    .option('--count <number>', 'the number of certificates that the preview shows (default: it is asked for)')
    .option('--account <ids...>', 'the accounts that lose their certificate, as the preview shows them')
    .option(
      '--platform <parts...>',
      'the parts of the platform that lose theirs: api-server, ocsp-responders, cmp-signers',
    )
    .option('--detach', 'do not wait for the end')
    .action((options: Start) => inApi(options, (api) => start(api, options)));
  command('show <id>', 'the progress of an order')
    .option('--follow', 'until it ends')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Caller & { readonly follow?: boolean; readonly json?: boolean }) =>
      inApi(options, (api) => showOrder(api, id, options)),
    );
  command('results <id>', 'one line of JSON for each certificate with its result').action(
    (id: string, options: Caller) =>
      inApi(options, (api) => print(api, `/v1/revocations/${encodeURIComponent(id)}/results`)),
  );
  withJson(command('cancel <id>', 'stop an order; what is revoked already stays revoked')).action(
    (id: string, options: Caller & JsonOption) => inApi(options, (api) => cancel(api, id, options)),
  );
}

function withSelectors(command: Command): Command {
  return command
    .option('--ca <id>', 'issuing CA: aci-fo-pp, ...')
    .option('--profile <id>', 'profile: fort/cps-signature, ...')
    .option('--issued-from <time>', 'issued at this time or later, RFC 3339 in UTC')
    .option('--issued-until <time>', 'issued at this time or earlier')
    .option('--spki <digest>', 'SHA-256 of a SubjectPublicKeyInfo, hex: all certificates for this key')
    .option('--certificate <file>', 'PEM: all certificates for the key of this certificate');
}

type Selection = Readonly<Record<string, string>>;

function selectionOf({ ca, profile, issuedFrom, issuedUntil, spki, certificate }: Selectors): Selection {
  const spkiSha256 = certificate === undefined ? spki : keyOf(certificate);
  const all = { ca, profile, issuedFrom, issuedUntil, spkiSha256 };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** SHA-256 of the SubjectPublicKeyInfo in the certificate of a file. */
function keyOf(file: string): string {
  const { publicKey } = new X509Certificate(naming(file, () => readFileSync(file)));
  return sha256Hex(publicKey.export({ type: 'spki', format: 'der' }));
}

function previewOf(api: Api, select: Selection): Promise<Preview> {
  return ask<Preview>(api, `/v1/revocations/preview?${new URLSearchParams(select).toString()}`);
}

/** Shows what the order would revoke, and what it then has to name. */
function sayPreview({ matched, accounts, platform }: Preview): void {
  say(
    inBothLanguages({ fr: `${matched} certificats seraient révoqués`, en: `${matched} certificates would be revoked` }),
  );
  for (const { account, issuer, serialNumber } of accounts)
    say(
      `  ${inBothLanguages({ fr: 'celui du compte', en: 'that of the account' })} ${account}: ${issuer} ${serialNumber}`,
    );
  for (const { part, issuer, serialNumber } of platform)
    say(
      `  ${inBothLanguages({ fr: 'celui de la plate-forme', en: 'that of the platform' })} ${part}: ${issuer} ${serialNumber}`,
    );
  const named = [
    ...namesOf(
      '--account',
      accounts.map(({ account }) => account),
    ),
    ...namesOf(
      '--platform',
      platform.map(({ part }) => part),
    ),
  ];
  if (named.length > 0)
    say(
      inBothLanguages({ fr: "l'ordre de révocation doit les nommer", en: 'the order has to name them' }).concat(
        `: ${named.join(' ')}`,
      ),
    );
}

function namesOf(option: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [option, ...new Set(names)];
}

async function start(api: Api, options: Start): Promise<void> {
  const { reason, invalidityDate, account = [], platform = [], dryRun, detach, json } = options;
  const select = selectionOf(options);
  const found = await previewOf(api, select);
  if (json !== true) sayPreview(found);
  if (dryRun === true) return json === true ? say(JSON.stringify(found)) : undefined;
  const typed = options.count ?? (await askForCount());
  if (typed === null || !/^\d{1,9}$/.test(typed)) return fail([COUNT_EXPECTED]);
  const dated = invalidityDate === undefined ? {} : { invalidityDate };
  const expected = { expectedCount: Number(typed), accounts: account, platform };
  const payload = JSON.stringify({ select, reason, ...dated, ...expected });
  // If the response is lost, the same order within the minute has the same idempotency key.
  const key = sha256Hex(`${payload} ${new Date(systemClock()).toISOString().slice(0, 16)}`);
  const order = await ask<Order>(api, '/v1/revocations', { payload, key });
  if (json !== true)
    say(
      inBothLanguages({
        fr: `ordre de révocation ${order.id} : ${order.matched} certificats`,
        en: `order ${order.id}: ${order.matched} certificates`,
      }),
    );
  const last = detach === true ? order : await follow(api, order.id, json === true ? () => undefined : say);
  if (json === true) say(JSON.stringify(last));
}

const COUNT_EXPECTED = inBothLanguages({
  fr: "rien n'est révoqué : tapez le nombre de certificats, ou donnez-le avec --count",
  en: 'nothing is revoked: type the number of certificates, or give it with --count',
});

/** null: there is no terminal at which it can be typed. */
async function askForCount(): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  activity().stop();
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const fr = 'tapez ce nombre pour les révoquer';
  const typed = await terminal.question(`${inBothLanguages({ fr, en: 'type this number to revoke them' })}: `);
  terminal.close();
  return typed.trim();
}

async function showOrder(
  api: Api,
  id: string,
  { follow: follows, json }: { readonly follow?: boolean; readonly json?: boolean },
): Promise<void> {
  const isJson = json === true;
  const order = follows === true ? await follow(api, id, isJson ? () => undefined : say) : await orderOf(api, id);
  if (isJson) say(JSON.stringify(order));
  else if (follows !== true) say(lineOf(order));
}

function orderOf(api: Api, id: string): Promise<Order> {
  return ask<Order>(api, `/v1/revocations/${encodeURIComponent(id)}`);
}

/** Shows a line at each progress, until the order ends. */
async function follow(api: Api, id: string, show: (line: string) => void): Promise<Order> {
  let last = '';
  for (;;) {
    const order = await orderOf(api, id);
    const line = lineOf(order);
    if (line !== last) show(line);
    last = line;
    if (order.state !== 'running') return order;
    await sleep(POLL_MS);
  }
}

const STATES = {
  running: { fr: 'en cours', en: 'running' },
  completed: { fr: 'terminé', en: 'completed' },
  cancelled: { fr: 'annulé', en: 'cancelled' },
} as const;

function lineOf({ state, matched, done, revoked, alreadyRevoked }: Order): string {
  const percent = matched === 0 ? 100 : Math.floor((100 * done) / matched);
  const { fr, en } = STATES[state];
  return inBothLanguages({
    fr: `${done} sur ${matched} (${percent} %), ${fr} : ${revoked} révoqués, ${alreadyRevoked} l'étaient déjà`,
    en: `${done} of ${matched}, ${en}: ${revoked} revoked, ${alreadyRevoked} were revoked before`,
  });
}

async function cancel(api: Api, id: string, options: JsonOption): Promise<void> {
  const order = await ask<Order>(api, `/v1/revocations/${encodeURIComponent(id)}/cancellation`, { payload: '{}' });
  sayAnswer(order, options, () => say(lineOf(order)));
}
