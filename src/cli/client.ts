/** A small client of our own service, for the main job: mutual TLS with a development account's files. */
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { request } from 'node:https';

export type ApiAnswer = { readonly status: number; readonly body: unknown };
export type ClientFiles = { readonly trust: string; readonly certificate: string; readonly key: string };

const DEADLINE_MS = 20_000;

export function callApi(
  url: string,
  { files, payload, key }: { readonly files: ClientFiles; readonly payload: string; readonly key?: string },
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method: 'POST',
      ca: readFileSync(files.trust),
      cert: readFileSync(files.certificate),
      key: readFileSync(files.key),
      timeout: DEADLINE_MS,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    });
    call.on('timeout', () => call.destroy(new Error(`no answer from ${url} in ${DEADLINE_MS} ms`)));
    call.on('error', reject);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }),
      );
      response.on('error', reject);
    });
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
