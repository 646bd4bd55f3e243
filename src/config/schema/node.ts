/** What other nodes on the same database know of this one. */
export const nodeSchema = {
  description: 'This node among those that share its database (ops/nodes.md).',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      description: 'The name of this node for people. Default: the host name.',
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    },
  },
  default: {},
} as const;

export const advertiseSchema = {
  description: 'Addresses at which other nodes on the same database reach this one.',
  type: 'object',
  additionalProperties: false,
  properties: {
    publication: {
      description: 'Where other nodes find the CRLs that this node has published.',
      type: 'string',
      pattern: '^http://[^/]+$',
      maxLength: 255,
    },
  },
  default: {},
} as const;

export type NodeConfig = { readonly name?: string };
export type AdvertiseConfig = { readonly publication?: string };
