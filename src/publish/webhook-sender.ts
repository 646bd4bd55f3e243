/**
 * Sends events to one endpoint. The name of the host is resolved once for each connection, which
 * goes to an address that the rule of the endpoint allows. Redirects are not followed, proxies are
 * not used, and only the status and Retry-After of an answer are kept.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { SECOND_MS } from '../kernel/duration.js';
import type { DeliveryAttempt } from '../orders/webhooks.js';
import { DELIVERY_ERROR_CHARACTERS_MAX } from '../ports/store/outbox/deliveries.js';
import type { Clock } from '../ports/world.js';
import { type AddressRule, addressFor, type Resolve } from './webhook-address.js';

export type WebhookTarget = {
  readonly url: URL;
  /** PEM of the CAs that may issue the certificate of the server; null: those of Node. */
  readonly ca: string | null;
  readonly rule: AddressRule;
  readonly connectionsMax: number;
};

/** `requestMsMax`: from the look-up of the name to the last octet of the answer. */
type SenderLimits = { readonly connectMsMax: number; readonly requestMsMax: number };
const LIMITS: SenderLimits = { connectMsMax: 5 * SECOND_MS, requestMsMax: 10 * SECOND_MS };
const ANSWER_BYTES_MAX = 64 * 1024;

type SenderWorld = {
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly limits?: SenderLimits;
};

type WebhookRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

export type WebhookSender = {
  /** Never throws: every failure is an attempt. */
  readonly send: (request: WebhookRequest) => Promise<DeliveryAttempt>;
  /** Closes the connections that are kept open between requests. */
  readonly close: () => void;
};

export function openWebhookSender(
  target: WebhookTarget,
  { resolve, clock, limits = LIMITS }: SenderWorld,
): WebhookSender {
  const { url, ca, rule, connectionsMax } = target;
  const isTls = url.protocol === 'https:';
  const lookup: LookupFunction = (_name, { all }, done) => {
    void addressFor(url, rule, resolve).then((found) => {
      if (!found.ok) done(new Error(found.error), '');
      else if (all === true) done(null, [found.value]);
      else done(null, found.value.address, found.value.family);
    });
  };
  const options = { keepAlive: true, maxSockets: connectionsMax, lookup };
  const agent = isTls ? new HttpsAgent({ ...options, ...(ca === null ? {} : { ca }) }) : new HttpAgent(options);
  const begin = isTls ? requestHttps : requestHttp;

  const exchange = ({ headers, body }: WebhookRequest): Promise<DeliveryAttempt> =>
    new Promise((settle) => {
      const length = String(Buffer.byteLength(body));
      const call = begin(url, { method: 'POST', agent, headers: { ...headers, 'content-length': length } });
      const end = (attempt: DeliveryAttempt): void => {
        clearTimeout(connecting);
        clearTimeout(whole);
        settle(attempt);
      };
      const fail = (error: string): void => {
        end(failed(error));
        call.destroy();
      };
      const connecting = setTimeout(() => fail('connect-timeout'), limits.connectMsMax);
      const whole = setTimeout(() => fail('timeout'), limits.requestMsMax);
      const connected = (): void => clearTimeout(connecting);
      call.once('socket', (socket) => {
        if (call.reusedSocket) connected();
        else socket.once(isTls ? 'secureConnect' : 'connect', connected);
      });
      call.on('error', (error) => fail(errorText(error)));
      call.once('response', (answer) => readAnswer(answer, { end, fail, clock }));
      call.end(body);
    });

  return {
    send: async (request) => {
      // Node does not call `lookup` for an IP address, so it is checked here.
      const literal = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? null : await addressFor(url, rule, resolve);
      return literal?.ok === false ? failed(literal.error) : exchange(request);
    },
    close: () => agent.destroy(),
  };
}

function failed(error: string): DeliveryAttempt {
  return { status: null, error: error.slice(0, DELIVERY_ERROR_CHARACTERS_MAX), retryAfterMs: null };
}

function errorText(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

type AnswerEnd = {
  readonly end: (attempt: DeliveryAttempt) => void;
  readonly fail: (error: string) => void;
  readonly clock: Clock;
};

/** A long answer is not read to its end. An answer that breaks off is a failed attempt. */
function readAnswer(answer: IncomingMessage, { end, fail, clock }: AnswerEnd): void {
  const complete = (): void => end(attemptOf(answer, clock));
  let octets = 0;
  answer.on('data', (chunk: Buffer) => {
    octets += chunk.length;
    if (octets <= ANSWER_BYTES_MAX) return;
    complete();
    answer.destroy();
  });
  answer.on('error', () => undefined);
  answer.once('end', complete);
  answer.once('close', () => {
    if (!answer.complete) fail('answer-incomplete');
  });
}

function attemptOf({ statusCode: status = 0, headers }: IncomingMessage, clock: Clock): DeliveryAttempt {
  const isSuccess = status >= 200 && status < 300;
  const error = isSuccess ? null : status >= 300 && status < 400 ? 'redirect' : `HTTP ${status}`;
  return { status, error, retryAfterMs: retryAfterMs(headers['retry-after'], clock) };
}

/** RFC 9110 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | undefined, clock: Clock): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - clock());
}
