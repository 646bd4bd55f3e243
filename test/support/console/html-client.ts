/** Asks the console without a browser: for tests of what the server answers to any client. */
import { Agent, request } from 'undici';
import { originOf } from '../browser/browser.js';
import { type ClientCredential, trustOf } from '../service/client.js';
import type { Service } from '../service/service.js';

export type HtmlAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly html: string;
};

export type HtmlClient = {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<HtmlAnswer>;
  /** Sends a form as a browser does from a page of the console, unless `headers` says otherwise. */
  readonly post: (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<HtmlAnswer>;
  readonly close: () => Promise<void>;
};

export function createHtmlClient(service: Pick<Service, 'at'>, credential: ClientCredential): HtmlClient {
  const certificate = credential === null ? {} : { cert: credential.certificate, key: credential.key };
  const dispatcher = new Agent({ connections: 4, connect: { ca: trustOf(service.at), ...certificate } });
  const origin = originOf(service);
  const ask = async (path: string, options: object): Promise<HtmlAnswer> => {
    const answer = await request(`${origin}${path}`, { dispatcher, ...options });
    return { status: answer.statusCode, headers: answer.headers, html: await answer.body.text() };
  };
  return {
    get: (path, headers = {}) => ask(path, { headers: { 'sec-fetch-site': 'none', ...headers } }),
    post: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: {
          origin,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
    close: () => dispatcher.destroy(),
  };
}

/** The hidden fields of the form that is sent by POST, with its token. */
export function hiddenFields(html: string): Readonly<Record<string, string>> {
  const [, form = ''] = /<form[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => tag.includes('"hidden"'));
  return Object.fromEntries(inputs.map((tag) => [attributeOf(tag, 'name'), attributeOf(tag, 'value')]));
}

function attributeOf(tag: string, name: string): string {
  const [, value = ''] = new RegExp(`\\b${name}="([^"]*)"`).exec(tag) ?? [];
  return value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
