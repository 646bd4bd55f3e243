/**
 * POSTs to one receiver, in a process of its own: what HTTPS alone costs, without a database and
 * without a signature.
 *
 * Forked with an IPC channel: takes a `PostLoad`, says `ready`, and on `go` sends it all and
 * answers with the number of POSTs a second.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

export type PostLoad = {
  readonly url: string;
  /** PEM file of the receiver's CA. */
  readonly ca: string;
  readonly count: number;
  readonly connections: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

function post({ url, headers, body }: PostLoad, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const call = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': length } });
    call.once('error', reject);
    call.once('response', (answer) => {
      if (answer.statusCode !== 204) reject(new Error(`the receiver answered ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    });
    call.end(body);
  });
}

async function sendAll(load: PostLoad): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections, ca: readFileSync(load.ca) });
  let left = load.count;
  const lane = async (): Promise<void> => {
    for (; left > 0; await post(load, agent)) left -= 1;
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: load.connections }, lane));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return load.count / seconds;
}

process.once('message', (load: PostLoad) => {
  process.once('message', async () => {
    const rate = await sendAll(load);
    process.send?.(rate, () => process.disconnect());
  });
  process.send?.('ready');
});
