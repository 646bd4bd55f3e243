/**
 * A page of somebody else, in the browser that has the certificate: what an attacker can have an
 * officer open.
 */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { credentialOf } from '../service/client.js';
import type { Service } from '../service/service.js';

export type OtherSite = {
  /** Another site for browsers: `https://127.0.0.1:PORT`. */
  readonly crossSite: string;
  /** Another origin of the same site, because sites have no ports: `https://localhost:PORT`. */
  readonly sameSite: string;
  readonly close: () => void;
};

/** Serves this HTML at every path, with the certificate of the service, which browsers trust. */
export async function serveOtherSite({ at }: Pick<Service, 'at'>, html: string): Promise<OtherSite> {
  const { certificate, key } = credentialOf(at, 'server');
  const server = createServer({ cert: certificate, key }, (_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    crossSite: `https://127.0.0.1:${port}`,
    sameSite: `https://localhost:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** HTML of a form that sends itself when it is loaded. */
export function formThatSendsItself(action: string, fields: Readonly<Record<string, string>>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${attribute(name)}" value="${attribute(value)}">`,
  );
  return `<!doctype html><title>prize</title><form method="post" action="${attribute(action)}">${inputs.join('')}</form>
<script>document.forms[0].submit()</script>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
