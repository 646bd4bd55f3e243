/**
 * Describes each `pattern` of the configuration schema for people. A test requires that none is
 * missing.
 */
export const PATTERN_DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  [
    '^(?!LD_|NODE_|PFCNG_|SOFTHSM2_|UV_|PATH$)[A-Za-z][A-Za-z0-9_]*$',
    'the name of an environment variable other than PATH, LD_..., NODE_..., PFCNG_..., SOFTHSM2_... and UV_...',
  ],
  [
    '^(?!home$)[a-z][a-z0-9-]{0,30}$',
    'a name of a-z, 0-9 and -, which begins with a letter, has at most 31 characters and is not home',
  ],
  ['^/', 'an absolute path'],
  [
    '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    'a name of letters, digits, dots, underscores and hyphens, which begins with a letter or digit and has at most 64 characters',
  ],
  [
    '^ldaps?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$',
    'ldaps://host or ldap://host, optionally with :port, and nothing after it',
  ],
  ['^http://[^/]+$', 'http://host or http://host:port, and nothing after it'],
  ['^[a-z_][a-z0-9_-]{0,31}$', 'the name of a group, of a-z, 0-9, _ and -, with at most 32 characters'],
  ['^[a-z][a-z0-9-]{0,30}$', 'a name of a-z, 0-9 and -, which begins with a letter and has at most 31 characters'],
  ['^https?://[!-~]+$', 'a URL of visible ASCII characters: https://host/path'],
  ['^[a-z][a-z0-9-]{0,39}$', 'a name of a-z, 0-9 and -, which begins with a letter and has at most 40 characters'],
  ['^access(-[2-9])?$', 'access, or access-2 to access-9'],
  ['^[0-9a-f]{64}$', 'a SHA-256 in hexadecimal: 64 characters of 0-9 and a-f'],
  [
    '^((ca|ocsp)-(fort|standard|elementaire)|platform)(-[a-z0-9]+)?$',
    'the name of a token: ca-fort, ocsp-standard, platform, or the name of a replica, e.g. ca-fort-b',
  ],
  ['^/.{1,40}$', 'an absolute path of at most 41 characters'],
  ['^/[!-~]{1,100}$', 'an absolute path of at most 101 visible ASCII characters'],
]);
