/**
 * `pfcng revocation`: revokes everything that a selection matches, by one order that the service
 * works off. For officers: it calls the API with one of their accounts, and shows the progress of
 * the order.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { inBothLanguages } from '../ceremony/bilingual.js';
import { systemClock } from '../compose/world.js';
import { sha256Hex } from '../kernel/digest.js';
import { fail, say } from '../terminal/say.js';
import { type Api, ask, type Caller, inApi, Refused, withCallerOptions } from './shared/api-command.js';
import { openApi } from './shared/client.js';

type Selectors = {
  readonly ca?: string;
  readonly profile?: string;
  readonly issuedFrom?: string;
  readonly issuedUntil?: string;
  readonly spki?: string;
  readonly certificate?: string;
};
type Start = Selectors &
  Caller & { readonly reason: string; readonly invalidityDate?: string; readonly detach?: boolean };
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
  withSelectors(command('preview', 'the number of certificates that an order would revoke now')).action(
    (options: Selectors & Caller) => inApi(options, (api) => preview(api, options)),
  );
  withSelectors(command('start', 'start the order, and show its progress until it ends'))
    .requiredOption('--reason <reason>', 'keyCompromise, superseded, cessationOfOperation, ... (RFC 5280 5.3.1)')
    .option('--invalidity-date <time>', 'when the keys probably became invalid, RFC 3339 in UTC')
    .option('--detach', 'do not wait for the end')
    .action((options: Start) => inApi(options, (api) => start(api, options)));
  command('show <id>', 'the progress of an order')
    .option('--follow', 'until it ends')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Caller & { readonly follow?: boolean; readonly json?: boolean }) =>
      inApi(options, (api) => show(api, id, options)),
    );
  command('results <id>', 'one line of JSON for each certificate with its result').action(
    (id: string, options: Caller) => inApi(options, (api) => results(api, id)),
  );
  command('cancel <id>', 'stop an order; what is revoked already stays revoked').action((id: string, options: Caller) =>
    inApi(options, (api) => cancel(api, id)),
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

function selectionOf({ ca, profile, issuedFrom, issuedUntil, spki }: Selectors): Readonly<Record<string, string>> {
  const all = { ca, profile, issuedFrom, issuedUntil, spkiSha256: spki };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function preview(api: Api, options: Selectors & Caller): Promise<void> {
  if (options.certificate !== undefined)
    return fail([
      inBothLanguages({ fr: 'donnez --spki plutôt que --certificate', en: 'use --spki instead of --certificate' }),
    ]);
  const query = new URLSearchParams(selectionOf(options)).toString();
  const { matched } = await ask<{ readonly matched: number }>(api, `/v1/revocations/preview?${query}`);
  say(
    inBothLanguages({ fr: `${matched} certificats seraient révoqués`, en: `${matched} certificates would be revoked` }),
  );
}

async function start(api: Api, options: Start): Promise<void> {
  const { certificate, reason, invalidityDate, detach } = options;
  const read = certificate === undefined ? {} : { certificate: readFileSync(certificate, 'utf8') };
  const dated = invalidityDate === undefined ? {} : { invalidityDate };
  const payload = JSON.stringify({ select: { ...selectionOf(options), ...read }, reason, ...dated });
  // If the response is lost, the same order within the minute has the same idempotency key.
  const key = sha256Hex(`${payload} ${new Date(systemClock()).toISOString().slice(0, 16)}`);
  const order = await ask<Order>(api, '/v1/revocations', { payload, key });
  say(
    inBothLanguages({
      fr: `ordre ${order.id} : ${order.matched} certificats`,
      en: `order ${order.id}: ${order.matched} certificates`,
    }),
  );
  if (detach !== true) await follow(api, order.id);
}

async function show(
  api: Api,
  id: string,
  { follow: follows, json }: { readonly follow?: boolean; readonly json?: boolean },
): Promise<void> {
  if (follows === true) return follow(api, id);
  const order = await orderOf(api, id);
  say(json === true ? JSON.stringify(order) : lineOf(order));
}

function orderOf(api: Api, id: string): Promise<Order> {
  return ask<Order>(api, `/v1/revocations/${encodeURIComponent(id)}`);
}

/** Prints a line at each progress, until the order ends. */
async function follow(api: Api, id: string): Promise<void> {
  let last = '';
  for (;;) {
    const order = await orderOf(api, id);
    const line = lineOf(order);
    if (line !== last) say(line);
    last = line;
    if (order.state !== 'running') return;
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

async function results({ url, files }: Api, id: string): Promise<void> {
  const response = await openApi(`${url}/v1/revocations/${encodeURIComponent(id)}/results`, { files });
  if (response.statusCode === 200) {
    for await (const part of response) if (!process.stdout.write(part)) await drained();
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  throw new Refused(JSON.parse(Buffer.concat(parts).toString()));
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

async function cancel(api: Api, id: string): Promise<void> {
  say(lineOf(await ask<Order>(api, `/v1/revocations/${encodeURIComponent(id)}/cancellation`, { payload: '{}' })));
}
