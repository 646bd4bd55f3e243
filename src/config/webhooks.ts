/** The checks of webhook endpoints that the schema cannot express. */
import { isNetwork } from '../access/networks.js';
import type { ConfigFile } from './schema/index.js';
import type { WebhookConfig } from './schema/webhooks.js';

const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** One line per fault, with the path of the field. */
export function webhookFaults(
  { webhooks, environment }: Pick<ConfigFile, 'webhooks' | 'environment'>,
  name: string,
): readonly string[] {
  const names = new Set<string>();
  return webhooks.flatMap((webhook, index) => {
    const pointer = `${name}/webhooks/${index}`;
    const isKnown = names.has(webhook.name);
    names.add(webhook.name);
    const url = urlFault(webhook, environment);
    return [
      ...(isKnown ? [`${pointer}/name: another endpoint has the name ${webhook.name}`] : []),
      ...(url === null ? [] : [`${pointer}/url: ${url}`]),
      ...webhook.networks.flatMap((network, at) =>
        isNetwork(network) ? [] : [`${pointer}/networks/${at}: ${network} must be a network: 10.20.0.0/16, fd00::/8`],
      ),
    ];
  });
}

function urlFault({ url }: WebhookConfig, environment: ConfigFile['environment']): string | null {
  if (!URL.canParse(url)) return 'it is not a URL';
  const { protocol, hostname, username, password, hash } = new URL(url);
  if (username !== '' || password !== '') return 'it must have no user and no password';
  if (hash !== '') return 'it must have no fragment';
  if (protocol === 'https:') return null;
  if (environment !== 'development') return 'it must begin with https://';
  return THIS_MACHINE.includes(hostname) ? null : `${hostname} is another machine: it must begin with https://`;
}
