/**
 * Common parts of the commands that call the API with an account: options, credentials, and errors.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../../config/load.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { fail } from '../../terminal/say.js';
import { credentialFiles } from '../development/accounts.js';
import { type ApiCall, type ClientFiles, callApi } from './client.js';

export type Caller = {
  readonly as: string;
  readonly url?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly trust?: string;
};
export function withCallerOptions(command: Command): Command {
  return command
    .option('--as <account>', 'development account whose credentials are in the home folder', 'officer-1')
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
    const detail = error instanceof Error ? error.message : String(error);
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

type Problem = { readonly title?: string; readonly detail?: string; readonly requestId?: string };

/** A problem document of the API, as lines for people. */
export class Refused extends Error {
  readonly lines: readonly string[];
  constructor(body: unknown) {
    super('refused');
    const { title = 'refused', detail, requestId } = body as Problem;
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
