/**
 * EST (RFC 7030): the one list of its paths, below `/.well-known/est/`, with and without a label.
 */
import type Router from '@koa/router';
import { err, type Result } from '../../kernel/result.js';
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import type { ApiExchange, RequestState } from '../trail/exchange.js';
import { worldOfRequest } from '../trail/request-world.js';
import { type EstMessage, sendFailure, sendMessage } from './answer.js';
import { answerCaCertificates } from './cacerts.js';
import { answerCsrAttributes } from './csrattrs.js';
import { enroll, reenroll } from './enroll.js';
import type { EstParts, EstRequest } from './request.js';

type Serve = (parts: EstParts, request: EstRequest) => Promise<Result<EstMessage, HttpFailure>>;

/** RFC 7030 4.3 and 4.4 are optional. Keys are never made by the CA. */
const notOffered: Serve = async () => err({ kind: 'not-implemented', message: text('est-not-offered') });

const ROUTES: readonly { readonly method: 'get' | 'post'; readonly operation: string; readonly serve: Serve }[] = [
  { method: 'get', operation: 'cacerts', serve: answerCaCertificates },
  { method: 'get', operation: 'csrattrs', serve: answerCsrAttributes },
  { method: 'post', operation: 'simpleenroll', serve: enroll },
  { method: 'post', operation: 'simplereenroll', serve: reenroll },
  { method: 'post', operation: 'serverkeygen', serve: notOffered },
  { method: 'post', operation: 'fullcmc', serve: notOffered },
];

const ROOT = '/.well-known/est';

export function mountEst(router: Router<RequestState>, parts: EstParts): void {
  for (const { method, operation, serve } of ROUTES)
    for (const path of [`${ROOT}/${operation}`, `${ROOT}/{label}/${operation}`])
      router[method](path.replace('{label}', ':label'), async (ctx) => {
        ctx.state.route = { method, path };
        const world = worldOfRequest(parts.context.world, ctx.state.requestId);
        const outcome = await serve(parts, { ctx, world, label: ctx.params.label ?? null });
        if (outcome.ok) sendMessage(ctx, outcome.value);
        else await sendFailure(parts, ctx, outcome.error);
      });
}

export function isOfEst({ path }: ApiExchange): boolean {
  return path === ROOT || path.startsWith(`${ROOT}/`);
}
