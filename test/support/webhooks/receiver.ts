/** An HTTPS server that receives events, and answers as its test wants. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSelfSigned } from '../servers/self-signed.js';
import type { ReceivedRequest } from './verifier.js';

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

export type Receiver = {
  readonly url: string;
  readonly port: number;
  /** PEM file of its certificate, which is its own CA. */
  readonly ca: string;
  /** All complete requests, in the order in which they came. */
  readonly received: ReceivedRequest[];
  /** Called for each of them; default: 204. */
  answer: Answer;
  readonly close: () => Promise<void>;
};

export type EventBody = {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly account: string | null;
  readonly data: Readonly<Record<string, unknown>>;
};

export const ACCEPT: Answer = (_request, response) => void response.writeHead(204).end();

export function bodyOf({ body }: ReceivedRequest): EventBody {
  return JSON.parse(body.toString()) as EventBody;
}

/** Its certificate is for `127.0.0.1`, `localhost` and `receiver.test`. */
export async function openReceiver(): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-receiver-'));
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:receiver.test';
  await makeSelfSigned({ ...files, subject: '/CN=receiver' }, '-addext', names);
  const received: ReceivedRequest[] = [];
  const server = createServer(
    { key: readFileSync(files.key), cert: readFileSync(files.certificate) },
    (request, response) => {
      response.on('error', () => undefined);
      void readRequest(request).then(
        (one) => {
          received.push(one);
          receiver.answer(one, response);
        },
        () => undefined,
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `https://127.0.0.1:${port}/events`,
    port,
    ca: files.certificate,
    received,
    answer: ACCEPT,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return receiver;
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { method = '', url = '', headers } = request;
  return { method, targetUri: `https://${headers.host}${url}`, headers, body: Buffer.concat(parts) };
}
