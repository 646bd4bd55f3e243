/**
 * Mounts EST (RFC 7030). `ROUTES` lists all operations; each has a path below `/.well-known/est/`
 * with a label and one without.
 */
import type Router from '@koa/router';
import { err, type Result } from '../../kernel/result.js';
import { type EnrolmentResult, enrolmentCounter } from '../../observe/registration-metrics.js';
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import type { RequestState } from '../trail/exchange.js';
import { worldOfRequest } from '../trail/request-world.js';
import { type EstMessage, sendFailure, sendMessage } from './answer.js';
import { answerCaCertificates } from './cacerts.js';
import { answerCsrAttributes } from './csrattrs.js';
import { enroll, reenroll } from './enroll.js';
import { estPaths } from './paths.js';
import type { EstParts, EstRequest } from './request.js';

type Serve = (parts: EstParts, request: EstRequest) => Promise<Result<EstMessage, HttpFailure>>;

/**
 * Answers 501 to `fullcmc` and `serverkeygen` (RFC 7030 4.3 and 4.4), which are optional. This CA
 * never generates keys for clients.
 */
const notOffered: Serve = async () => err({ kind: 'not-implemented', message: text('est-not-offered') });

type Route = {
  readonly method: 'get' | 'post';
  readonly operation: string;
  readonly serve: Serve;
  /** The operation requests a certificate, so its result is counted in the enrolment metrics. */
  readonly isEnrolment?: true;
};

const ROUTES: readonly Route[] = [
  { method: 'get', operation: 'cacerts', serve: answerCaCertificates },
  { method: 'get', operation: 'csrattrs', serve: answerCsrAttributes },
  { method: 'post', operation: 'simpleenroll', serve: enroll, isEnrolment: true },
  { method: 'post', operation: 'simplereenroll', serve: reenroll, isEnrolment: true },
  { method: 'post', operation: 'serverkeygen', serve: notOffered },
  { method: 'post', operation: 'fullcmc', serve: notOffered },
];

export function mountEst(router: Router<RequestState>, parts: EstParts): void {
  const count = enrolmentCounter(parts.metrics);
  for (const { method, operation, serve, isEnrolment = false } of ROUTES)
    for (const path of estPaths(operation))
      router[method](path.replace('{label}', ':label'), async (ctx) => {
        ctx.state.route = { method, path };
        if (isEnrolment) ctx.res.once('close', () => count('est', resultOf(ctx.res.statusCode)));
        const world = worldOfRequest(parts.context.world, ctx.state.requestId);
        const outcome = await serve(parts, { ctx, world, label: ctx.params.label ?? null });
        if (outcome.ok) sendMessage(ctx, outcome.value);
        else await sendFailure(parts, ctx, outcome.error);
      });
}

const RESULTS: ReadonlyMap<number, EnrolmentResult> = new Map([
  [200, 'issued'],
  [202, 'waiting'],
  [401, 'unauthenticated'],
  [403, 'not-permitted'],
  [429, 'limited'],
  [503, 'unavailable'],
]);

function resultOf(status: number): EnrolmentResult {
  return RESULTS.get(status) ?? (status >= 500 ? 'failed' : 'refused');
}
