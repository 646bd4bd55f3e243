/** Sends octets to a CMP path, as a client of others could, and says what was answered. */
import { type Agent, request } from 'node:http';
import { request as requestByTls } from 'node:https';
import { trustOf } from '../service/client.js';
import type { Service } from '../service/service.js';

export type CmpSent = {
  /** The path after `/.well-known/cmp`, such as `/p/elementaire~org-auth-cli`; default: nothing. */
  readonly path?: string;
  readonly port?: 'cmp' | 'api';
  readonly method?: string;
  readonly body?: Uint8Array | string;
  /** Default: `application/pkixcmp`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
};

export type CmpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly octets: Buffer;
  readonly text: string;
};

export function postCmp({ at, urls }: Pick<Service, 'at' | 'urls'>, sent: CmpSent): Promise<CmpAnswer> {
  const { path = '', port = 'cmp', method = 'POST', body, type = 'application/pkixcmp', agent } = sent;
  const headers = { ...(body === undefined ? {} : { 'content-type': type }), ...sent.headers };
  const url = `${urls[port]}/.well-known/cmp${path}`;
  const options = { method, headers, agent: agent ?? false };
  return new Promise((resolve, reject) => {
    const outgoing = port === 'api' ? requestByTls(url, { ...options, ca: trustOf(at) }) : request(url, options);
    outgoing.on('error', reject).on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      answer.on('end', () => {
        const octets = Buffer.concat(parts);
        const { statusCode: status = 0, headers: fields } = answer;
        resolve({ status, headers: fields, octets, text: octets.toString('utf8') });
      });
    });
    outgoing.end(body);
  });
}
