/** A small client of our own service, with mutual TLS and the files of an account. */
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { request } from 'node:https';

export type ApiAnswer = { readonly status: number; readonly body: unknown };
export type ClientFiles = { readonly trust: string; readonly certificate: string; readonly key: string };

/** `payload`: JSON of a POST; without it the request is a GET. */
export type ApiCall = { readonly files: ClientFiles; readonly payload?: string; readonly key?: string };

const DEADLINE_MS = 20_000;

export async function callApi(url: string, call: ApiCall): Promise<ApiAnswer> {
  const response = await openApi(url, call);
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) };
}

/** Returns the response as a stream, for what is too long for memory. */
export function openApi(url: string, { files, payload, key }: ApiCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
    const call = request(url, {
      method: payload === undefined ? 'GET' : 'POST',
      ca: readFileSync(files.trust),
      cert: readFileSync(files.certificate),
      key: readFileSync(files.key),
      timeout: DEADLINE_MS,
      headers: { ...sent, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    });
    call.on('timeout', () => call.destroy(new Error(`no answer from ${url} in ${DEADLINE_MS} ms`)));
    call.on('error', reject);
    call.on('response', resolve);
    call.end(payload);
  });
}

export function fetchBytes(url: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const call = get(url, { timeout: DEADLINE_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(parts));
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer from ${url} in ${DEADLINE_MS} ms`)));
    call.on('error', reject);
  });
}
