/**
 * `pfcng crl`: shows the lists of an authority, and publishes new ones. For officers: it calls the
 * API with one of their accounts.
 */
import type { Command } from 'commander';
import { inBothLanguages } from '../kernel/bilingual.js';
import { say } from '../terminal/say.js';
import { type Api, ask, type Caller, inApi, withCallerOptions } from './common/api-command.js';

type List = {
  readonly number: number;
  readonly base?: number;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly entries: number;
  readonly url: string;
};
type ShowOptions = Caller & { readonly json?: boolean };

export function registerCrl(program: Command): void {
  const crl = program.command('crl').description('revocation lists: what is published, and a new one now');
  withCallerOptions(
    crl.command('publish <ca>').description('sign and publish a full list now, with its delta if deltas are served'),
  )
    .option('--delta', 'only a delta list')
    .option('--json', 'print it as JSON')
    .action((ca: string, options: ShowOptions & { readonly delta?: boolean }) =>
      inApi(options, (api) => publish(api, ca, options)),
    );
  withCallerOptions(crl.command('show <ca>').description('the last published lists'))
    .option('--json', 'print them as JSON')
    .action((ca: string, options: ShowOptions) => inApi(options, (api) => show(api, ca, options)));
}

async function publish(
  api: Api,
  ca: string,
  { delta, json }: { readonly delta?: boolean; readonly json?: boolean },
): Promise<void> {
  const payload = JSON.stringify({ kind: delta === true ? 'delta' : 'full' });
  const list = await ask<List>(api, `${pathOf(ca)}/crl`, { payload });
  say(json === true ? JSON.stringify(list) : lineOf(list));
}

async function show(api: Api, ca: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { crl, deltaCrl } = await ask<{ readonly crl: List | null; readonly deltaCrl: List | null }>(api, pathOf(ca));
  if (json === true) return say(JSON.stringify({ crl, deltaCrl }));
  for (const list of [crl, deltaCrl]) if (list !== null) say(lineOf(list));
  if (crl === null) say(inBothLanguages({ fr: 'aucune LCR publiée', en: 'no CRL is published' }));
}

function pathOf(ca: string): string {
  return `/v1/cas/${encodeURIComponent(ca)}`;
}

export function lineOf({ number, base, thisUpdate, nextUpdate, entries, url }: List): string {
  const times = `${thisUpdate} - ${nextUpdate}`;
  const fr = `${entries} ${entries < 2 ? 'entrée' : 'entrées'}`;
  const en = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  if (base === undefined)
    return inBothLanguages({
      fr: `LCR ${number}, ${fr}, ${times} : ${url}`,
      en: `CRL ${number}, ${en}, ${times}: ${url}`,
    });
  return inBothLanguages({
    fr: `delta-LCR ${number} (base ${base}), ${fr}, ${times} : ${url}`,
    en: `delta CRL ${number} (base ${base}), ${en}, ${times}: ${url}`,
  });
}
