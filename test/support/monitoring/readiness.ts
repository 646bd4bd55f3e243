/** The parts of `/readyz` that a service has when nothing is wrong. */
export const READY_PARTS = {
  signers: { 'ca-fort': 'ready', platform: 'ready' },
  groups: {},
  database: 'ready',
  durability: 'ready',
  disk: 'ready',
  clock: 'ready',
  runs: 'ready',
  drift: 'ready',
  accounts: {},
  tagKeys: 'ready',
  jobs: 'ready',
  crls: { 'aci-fo-pp': 'fresh', 'aci-fo-pp delta': 'none yet' },
  outlets: { home: 'current', ldap: 'unknown' },
  publicAddresses: 'right',
} as const;
