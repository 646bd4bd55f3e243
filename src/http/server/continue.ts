/**
 * `Expect: 100-continue` (RFC 9110 10.1.1): the client sends its body when it has got 100. Node
 * would send 100 for every request at once, and so ask for bodies that nobody reads.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './listening.js';

const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/** From now on, `letContinue` sends 100. */
export function delayContinue(server: HttpServer): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    server.emit('request', request, response);
  });
}

/** Must be called before a body is read. */
export function letContinue(request: IncomingMessage): void {
  const response = waiting.get(request);
  if (response === undefined) return;
  waiting.delete(request);
  response.writeContinue();
}

/** Whether the client has not sent its body, and waits for 100 or for a final answer. */
export function awaitsContinue(request: IncomingMessage): boolean {
  return waiting.has(request);
}
