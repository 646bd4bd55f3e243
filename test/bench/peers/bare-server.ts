/**
 * The limit for OCSP: node:http that sends the same octets and headers to whoever asks, and reads
 * what is posted. A process of its own: `node bare-server.js ANSWER.json`; prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

export type BareAnswer = { readonly base64: string; readonly headers: Readonly<Record<string, string>> };

const { base64, headers } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BareAnswer;
const bytes = Buffer.from(base64, 'base64');

const server = createServer((request, response) => {
  const answer = (): void => {
    response.writeHead(200, headers).end(bytes);
  };
  if (request.method === 'POST') request.resume().once('end', answer);
  else answer();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${address !== null && typeof address === 'object' ? address.port : 0}\n`);
});
process.once('SIGTERM', () => process.exit(0));
