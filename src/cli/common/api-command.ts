/**
 * Common parts of the commands that call the API with an account: options, credentials, and errors.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../../config/load.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { fail } from '../../terminal/say.js';
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

export type Api = { readonly url: string; readonly files: ClientFiles };

export async function inApi(who: Caller, work: (api: Api) => Promise<void>): Promise<void> {
  const config = loadConfig();
  if (!config.ok) return fail(config.error.faults);
  try {
    await work(apiOf(config.value, who));
  } catch (error) {
    if (error instanceof Refused) return fail(error.lines);
    const { path, code, message: detail } = error as NodeJS.ErrnoException;
    if (path !== undefined)
      return fail([
        inBothLanguages({ fr: `${path} ne peut pas être lu (${code})`, en: `${path} cannot be read (${code})` }),
      ]);
    const fr = `l'API n'a pas répondu (${detail}) : le service tourne-t-il ?`;
    return fail([inBothLanguages({ fr, en: `the API did not answer (${detail}): is the service running?` })]);
  }
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

/** Writes a response of any length to standard output, as fast as that is read. */
export async function print({ url, files }: Api, path: string): Promise<void> {
  const response = await openApi(`${url}${path}`, { files });
  if (response.statusCode !== 200) throw new Refused(await jsonOf(response));
  for await (const part of response) if (!process.stdout.write(part)) await drained();
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}
