/** Sends a file of NDJSON to a campaign, and prints the answer as it comes. */
import { statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { activity } from '../../terminal/activity.js';
import { fail, say } from '../../terminal/say.js';
import { type Api, Refused } from '../common/api-command.js';
import { jsonOf, uploadFile } from '../common/client.js';

/** The list of a class, which is stored whole or refused. */
export async function uploadList(api: Api, path: string, file: string): Promise<void> {
  for await (const part of await sendLines(api, path, file)) process.stdout.write(part);
}

/** The exit code is 1 if a notice was not recorded: nobody must be told because of it. */
export async function uploadNotices(api: Api, path: string, file: string): Promise<void> {
  let unrecorded = 0;
  for await (const line of createInterface({ input: await sendLines(api, path, file) })) {
    say(line);
    const { result } = JSON.parse(line) as { readonly result: string };
    if (result !== 'recorded' && result !== 'repeated') unrecorded += 1;
  }
  if (unrecorded === 0) return;
  const words = {
    fr: `${unrecorded} lignes n'ont pas été enregistrées : ne prévenez pas ces porteurs`,
    en: `${unrecorded} lines were not recorded: do not tell these holders`,
  };
  fail([inBothLanguages(words)]);
}

async function sendLines({ url, files }: Api, path: string, file: string): Promise<IncomingMessage> {
  const response = await uploadFile(`${url}${path}`, { files, file, octets: statSync(file).size });
  if ((response.statusCode ?? 0) >= 300) throw new Refused(await jsonOf(response));
  activity().stop();
  return response;
}
