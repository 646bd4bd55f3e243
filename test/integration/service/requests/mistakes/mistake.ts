/** What a mistake of an integrator is, and how the tables of mistakes send requests. */
import type { Answer, Client, SentRequest } from '../../../../support/service/client.js';
import type { RunningService } from '../../../../support/service/describe-service.js';
import { type Body, bodyOf, type ProfileId, STRUCTURE } from '../../../../support/service/orders.js';

export type Ask = (running: RunningService, send: Send) => Promise<Answer>;
/** As the card management system, in the language that the client has asked for. */
export type Send = ((method: 'GET' | 'POST' | 'DELETE', path: string, sent?: SentRequest) => Promise<Answer>) & {
  readonly headers: Readonly<Record<string, string>>;
};
export type Mistake = {
  readonly what: string;
  readonly ask: Ask;
  readonly status: number;
  readonly code: string;
  /** Where it is in the request; null: the whole request or its path. */
  readonly pointer: string | null;
  /** null: the code says everything. */
  readonly rule: string | null;
  /** What the client is told to do, or what is expected. */
  readonly remedy: { readonly en: RegExp; readonly fr: RegExp };
};

export const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';
export const CPS: ProfileId = 'fort/cps-authentication';
export const SERVER: ProfileId = 'elementaire/serv-ssl';
export const CERTIFICATES = '/v1/certificates';

export const post =
  (body: () => Body): Ask =>
  (_, send) =>
    send('POST', CERTIFICATES, { body: body() });
export const get =
  (path: string): Ask =>
  (_, send) =>
    send('GET', path);
export const server = (...names: readonly string[]): Body => ({
  ...bodyOf(SERVER),
  holder: { kind: 'server', names, structure: STRUCTURE },
});
export const cps = (members: Body): Body => ({ ...bodyOf(CPS), ...members });
export const without = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));

/** Asks as another client, with the headers that `send` adds. */
export async function withClient(client: Client, send: Send, method: 'GET' | 'POST' = 'GET'): Promise<Answer> {
  const { headers } = send;
  if (method === 'GET') return client.call('GET', '/v1/cas', { headers });
  return client.call('POST', CERTIFICATES, { body: bodyOf(ORGANISATION), headers });
}
