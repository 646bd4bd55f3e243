/** Reports what a card bureau has written on the cards of an order. */
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fail, say } from '../../terminal/say.js';
import { type Api, Refused } from '../common/api-command.js';
import { jsonOf, uploadFile } from '../common/client.js';

type Acknowledgement = { readonly line: number; readonly result: string; readonly live: boolean };

/** Prints the answers as they come, one line of JSON for each line of the file. */
export async function acknowledge(api: Api, id: string, file: string): Promise<void> {
  const url = `${api.url}/v1/orders/${encodeURIComponent(id)}/acknowledgements`;
  const response = await uploadFile(url, { files: api.files, file, octets: statSync(file).size });
  if (response.statusCode !== 200) throw new Refused(await jsonOf(response));
  let [stopped, failed] = [0, 0];
  for await (const line of createInterface({ input: response })) {
    say(line);
    const { result, live } = JSON.parse(line) as Acknowledgement;
    if (result !== 'accepted' && result !== 'repeated') failed += 1;
    else if (!live) stopped += 1;
  }
  const faults = [
    ...(failed === 0 ? [] : [`${failed} lines were not accepted`]),
    ...(stopped === 0 ? [] : [`${stopped} cards have a certificate that was revoked: they must not leave the bureau`]),
  ];
  if (faults.length > 0) fail(faults);
}
