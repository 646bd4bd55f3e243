/**
 * Supports `Expect: 100-continue` (RFC 9110 10.1.1): the client sends its body only after it has
 * got status 100. Node would send 100 at once to every such request, so clients would send bodies
 * that no handler reads.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './listening.js';

const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/** Stops Node from sending 100 by itself: from now on, only `sendContinue` sends it. */
export function delayContinue(server: HttpServer): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    server.emit('request', request, response);
  });
}

/**
 * Sends 100 if the client waits for it. It must be called before a body is read, otherwise the
 * client waits in vain.
 */
export function sendContinue(request: IncomingMessage): void {
  const response = waiting.get(request);
  if (response === undefined) return;
  waiting.delete(request);
  response.writeContinue();
}

/** Whether the client still waits for 100 or for a final answer before it sends its body. */
export function awaitsContinue(request: IncomingMessage): boolean {
  return waiting.has(request);
}
