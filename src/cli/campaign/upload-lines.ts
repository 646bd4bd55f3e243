/** Sends a file of NDJSON to a campaign, and prints the answer as it comes. */
import { statSync } from 'node:fs';
import { activity } from '../../terminal/activity.js';
import { type Api, Refused } from '../common/api-command.js';
import { jsonOf, uploadFile } from '../common/client.js';

export async function uploadLines({ url, files }: Api, path: string, file: string): Promise<void> {
  const response = await uploadFile(`${url}${path}`, { files, file, octets: statSync(file).size });
  if ((response.statusCode ?? 0) >= 300) throw new Refused(await jsonOf(response));
  activity().stop();
  for await (const part of response) process.stdout.write(part);
}
