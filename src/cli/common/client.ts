/** A small client of our own service, with mutual TLS and the files of an account. */
import { createReadStream, readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { naming, withPath } from '../../terminal/system-error.js';

export type ApiAnswer = { readonly status: number; readonly body: unknown };
export type ClientFiles = { readonly trust: string; readonly certificate: string; readonly key: string };

/** `payload`: JSON of a POST; without it the request is a GET. */
export type ApiCall = {
  readonly files: ClientFiles;
  readonly payload?: string;
  readonly key?: string;
  /** Default: POST with a payload, GET without one. */
  readonly method?: 'DELETE';
};

const DEADLINE_MS = 20_000;

export async function callApi(url: string, call: ApiCall): Promise<ApiAnswer> {
  const response = await openApi(url, call);
  return { status: response.statusCode ?? 0, body: await jsonOf(response) };
}

export async function jsonOf(response: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

/** Returns the response as a stream, for what is too long for memory. */
export function openApi(url: string, { files, payload, key, method }: ApiCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
    const call = request(url, {
      method: method ?? (payload === undefined ? 'GET' : 'POST'),
      ...credentialsOf(files),
      timeout: DEADLINE_MS,
      headers: { ...sent, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    });
    call.on('timeout', () => call.destroy(new Error(`no answer from ${url} in ${DEADLINE_MS} ms`)));
    call.on('error', reject);
    call.on('response', resolve);
    call.end(payload);
  });
}

function credentialsOf({ trust, certificate, key }: ClientFiles) {
  return { ca: contentOf(trust), cert: contentOf(certificate), key: contentOf(key) };
}

function contentOf(file: string): Buffer {
  return naming(file, () => readFileSync(file));
}

/** A file of NDJSON that is sent as it is. */
type Upload = {
  readonly files: ClientFiles;
  readonly file: string;
  readonly octets: number;
  /** Headers besides the type and the length. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the number of octets that were sent so far. */
  readonly onProgress?: (octets: number) => void;
};

/** The service stores each part before it reads the next one. */
const UPLOAD_DEADLINE_MS = 60_000;

/**
 * Sends a file of any size, and returns the response as a stream. The service may answer before it
 * has read the file (`Expect: 100-continue`): it knows the upload already, or refuses it.
 */
export function uploadFile(url: string, upload: Upload): Promise<IncomingMessage> {
  const { files, file, octets, headers, onProgress } = upload;
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method: 'POST',
      ...credentialsOf(files),
      timeout: UPLOAD_DEADLINE_MS,
      headers: {
        ...headers,
        'content-type': 'application/x-ndjson',
        'content-length': String(octets),
        expect: '100-continue',
      },
    });
    const body = createReadStream(file);
    call.on('continue', () => {
      let sent = 0;
      body.on('data', (part) => {
        sent += part.length;
        onProgress?.(sent);
      });
      body.pipe(call);
    });
    body.on('error', (error) => call.destroy(withPath(error, file) as Error));
    call.on('timeout', () => call.destroy(new Error(`no answer from ${url} in ${UPLOAD_DEADLINE_MS} ms`)));
    call.on('error', reject);
    call.on('response', (response) => {
      // What was answered early is not sent any more.
      response.once('close', () => call.destroy());
      resolve(response);
    });
    call.on('close', () => body.destroy());
    call.flushHeaders();
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
