/** TLS of the connections that the service opens. */

/** `options`: the members beside `ca` that this kind of connection has. */
export const tlsToServer = <Options extends Readonly<Record<string, object>>>(options: Options) =>
  ({
    description: 'Required unless the server is on this machine. The server certificate is always verified.',
    type: 'object',
    additionalProperties: false,
    required: ['ca'],
    properties: {
      ca: { description: 'PEM file with the CAs that may issue the server certificate.', type: 'string' },
      ...options,
    },
  }) as const;
