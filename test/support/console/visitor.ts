/**
 * Somebody who opens pages of the console and sends its forms, without a browser. What a browser
 * adds to each request is added here: where it comes from, and from which site.
 */
import assert from 'node:assert/strict';
import { Agent, request } from 'undici';
import { type ClientCredential, credentialOf, PATIENT_CONNECTIONS, trustOf } from '../service/client.js';
import type { Service } from '../service/service.js';

export type VisitedPage = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly html: string;
};

export type Visitor = {
  readonly open: (path: string, headers?: Readonly<Record<string, string>>) => Promise<VisitedPage>;
  readonly post: (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<VisitedPage>;
  /** Fills in the form of an action and returns the page that says what will happen. */
  readonly review: (path: string, fields: Readonly<Record<string, string>>) => Promise<VisitedPage>;
  /** Fills in the form, confirms it, and returns the page after it. */
  readonly act: (
    path: string,
    fields: Readonly<Record<string, string>>,
    typed?: string,
  ) => Promise<VisitedPage & { readonly path: string }>;
  /** Sends the form of an action with a file: its token first, as the form has it. */
  readonly upload: (
    path: string,
    fields: Readonly<Record<string, string>>,
    file: { readonly content: string; readonly headers?: Readonly<Record<string, string>> },
  ) => Promise<VisitedPage>;
  readonly close: () => Promise<void>;
};

/** The visitors of a suite: one for each account, made at its first use, closed after the tests. */
export type Visitors = {
  readonly as: (account: string) => Visitor;
  /** The HTML of a page that the account may open. */
  readonly page: (account: string, path: string) => Promise<string>;
};

/** Called where a suite is described. */
export function visitorsOf(running: { readonly shared: { readonly service: Pick<Service, 'at' | 'urls'> } }): Visitors {
  const visitors = new Map<string, Visitor>();
  after(() => Promise.all([...visitors.values()].map((visitor) => visitor.close())));
  const as = (account: string): Visitor => {
    const known = visitors.get(account) ?? createVisitor(running.shared.service, account);
    visitors.set(account, known);
    return known;
  };
  const page = async (account: string, path: string): Promise<string> => {
    const { status, html } = await as(account).open(path);
    assert.equal(status, 200, `${path} ${html}`);
    return html;
  };
  return { as, page };
}

/** `account`: a development account, or the credential of another one. */
export function createVisitor({ at, urls }: Pick<Service, 'at' | 'urls'>, account: string | ClientCredential): Visitor {
  const credential = typeof account === 'string' ? credentialOf(at, account) : account;
  const dispatcher = new Agent({
    ...PATIENT_CONNECTIONS,
    connect: {
      ca: trustOf(at),
      ...(credential === null ? {} : { cert: credential.certificate, key: credential.key }),
    },
  });
  const send = async (method: 'GET' | 'POST', path: string, sent: SentForm): Promise<VisitedPage> => {
    const answer = await request(`${urls.api}${path}`, { dispatcher, method, ...sent });
    return { status: answer.statusCode, headers: answer.headers, html: await answer.body.text() };
  };
  const open: Visitor['open'] = (path, headers = {}) =>
    send('GET', path, { headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  const post: Visitor['post'] = (path, fields, headers = {}) =>
    send('POST', path, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: urls.api,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  const review: Visitor['review'] = async (path, fields) => {
    const page = await open(`${path}?${new URLSearchParams({ ...fields, step: 'review' })}`);
    assert.equal(page.status, 200, page.html);
    return page;
  };
  return {
    open,
    post,
    review,
    act: async (path, fields, typed) => {
      const { html } = await review(path, fields);
      const done = await post(path, { ...fields, token: tokenIn(html), ...(typed === undefined ? {} : { typed }) });
      assert.equal(done.status, 303, done.html);
      const next = String(done.headers.location);
      return { ...(await open(next)), path: next };
    },
    upload: (path, fields, { content, headers = {} }) => {
      const boundary = '----form';
      const parts = Object.entries(fields).map(
        ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      const head = 'content-disposition: form-data; name="file"; filename="night.ndjson"';
      const body = `${parts.join('')}--${boundary}\r\n${head}\r\n\r\n${content}\r\n--${boundary}--\r\n`;
      const type = `multipart/form-data; boundary=${boundary}`;
      const sent = { origin: urls.api, 'sec-fetch-site': 'same-origin', 'content-type': type, ...headers };
      return send('POST', path, { headers: sent, body });
    },
    close: () => dispatcher.destroy(),
  };
}

type SentForm = { readonly headers: Readonly<Record<string, string>>; readonly body?: string };

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

/** The token of the form on a page. */
export function tokenIn(html: string): string {
  const { token } = hiddenFields(html);
  assert.ok(token !== undefined, `no token in ${html}`);
  return token;
}
