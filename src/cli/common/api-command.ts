/**
 * Common parts of the commands that call the API with an account: options, credentials, and errors.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../../config/load.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { activity } from '../../terminal/activity.js';
import { fail, say } from '../../terminal/say.js';
import { systemErrorText } from '../../terminal/system-error.js';
import { credentialFiles } from '../development/accounts.js';
import { type ApiCall, type ClientFiles, callApi, jsonOf, openApi } from './client.js';

export type Caller = {
  readonly as: string;
  readonly url?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly trust?: string;
};
/** `as`: the development account that is used if none is named. */
export function withCallerOptions(command: Command, as = 'officer-1'): Command {
  return command
    .option('--as <account>', 'development account whose credentials are in the home folder', as)
    .option('--client-certificate <file>', 'PEM, instead of the certificate of --as')
    .option('--client-key <file>', 'PEM')
    .option('--trust <file>', "PEM: the root of the API's certificate (default: from the home folder)")
    .option('--url <url>', 'URL of the API (default: this machine, at the configured port)');
}

export type JsonOption = { readonly json?: boolean };

export function withJson(command: Command): Command {
  return command.option('--json', 'print the answer of the API as JSON');
}

/** Prints what the API has answered: as JSON if it was asked for, otherwise for people. */
export function sayAnswer<Body>(body: Body, { json }: JsonOption, forPeople: (body: Body) => void): void {
  if (json === true) say(JSON.stringify(body));
  else forPeople(body);
}

export type Api = { readonly url: string; readonly files: ClientFiles };

export async function inApi(who: Caller, work: (api: Api) => Promise<void>): Promise<void> {
  const config = loadConfig();
  if (!config.ok) return fail(config.error.faults);
  try {
    await work(apiOf(config.value, who));
  } catch (error) {
    if (error instanceof Refused) return fail(error.lines);
    const { path, code, message: detail } = error as NodeJS.ErrnoException;
    const text = path === undefined ? null : systemErrorText(error);
    if (text !== null) return fail([inBothLanguages(text)]);
    if (code?.startsWith('ERR_OSSL') === true) return fail([inBothLanguages(unusableFiles(config.value, who, detail))]);
    const fr = `l'API n'a pas répondu (${detail}) : le service tourne-t-il ?`;
    return fail([inBothLanguages({ fr, en: `the API did not answer (${detail}): is the service running?` })]);
  }
}

/** OpenSSL has read one of the files of the account, and does not say which. */
function unusableFiles(config: Config, who: Caller, detail: string): Bilingual {
  const { certificate, key, trust } = apiOf(config, who).files;
  return {
    fr: `un de ces fichiers n'est pas en PEM, ou la clé n'est pas celle du certificat (${detail}) : ${certificate}, ${key}, ${trust}`,
    en: `one of these files is not PEM, or the key is not that of the certificate (${detail}): ${certificate}, ${key}, ${trust}`,
  };
}

function apiOf({ paths, listen }: Config, { as, url, clientCertificate, clientKey, trust }: Caller): Api {
  const own = credentialFiles(paths, as);
  return {
    url: url ?? `https://127.0.0.1:${listen.api.port}`,
    files: {
      certificate: clientCertificate ?? own.certificate,
      key: clientKey ?? own.key,
      trust: trust ?? join(paths.credentials, 'tls-ca.pem'),
    },
  };
}

type Problem = {
  readonly status?: number;
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
};

/** A problem document of the API, as lines for people. */
export class Refused extends Error {
  readonly lines: readonly string[];
  readonly status: number;
  constructor(body: unknown) {
    super('refused');
    const { status = 0, title = 'refused', detail, requestId } = body as Problem;
    this.status = status;
    const request =
      requestId === undefined ? '' : ` (${inBothLanguages({ fr: 'requête', en: 'request' })} ${requestId})`;
    this.lines = [`${detail === undefined ? title : `${title}: ${detail}`}${request}`];
  }
}

export async function ask<Body>({ url, files }: Api, path: string, sent: Omit<ApiCall, 'files'> = {}): Promise<Body> {
  const { status, body } = await callApi(`${url}${path}`, { files, ...sent });
  if (status >= 300) throw new Refused(body);
  // The response of our own API has the type that it documents.
  return body as Body;
}

export type PageOptions = { readonly state?: string; readonly limit?: string };

/** The first page of a list. */
export function askPage<Page>(api: Api, path: string, { state, limit }: PageOptions): Promise<Page> {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(limit === undefined ? {} : { limit }),
  });
  return ask<Page>(api, `${path}?${query.toString()}`);
}

/** Writes a response of any length to standard output, as fast as that is read. */
export async function print({ url, files }: Api, path: string): Promise<void> {
  const response = await openApi(`${url}${path}`, { files });
  if (response.statusCode !== 200) throw new Refused(await jsonOf(response));
  activity().stop();
  for await (const part of response) if (!process.stdout.write(part)) await drained();
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}
