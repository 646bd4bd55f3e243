/**
 * Checks where a plan stores the PINs of its tokens and, for a PIN that is shared, that there are
 * as many holders as shares, that nobody holds two shares, and that holders who type a new
 * passphrase are among its people.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Fault, Holder, PlanFile, Sharing, TokenKind } from './model.js';
import { plainName } from './presence.js';

const MESSAGES = {
  threshold: { fr: 'le seuil est supérieur au nombre de parts', en: 'the threshold is above the number of shares' },
  twoShares: { fr: 'une même personne ne peut pas détenir deux parts', en: 'one person cannot hold two shares' },
  oneCertificate: {
    fr: 'ce certificat chiffre déjà une autre part',
    en: 'this certificate encrypts another share already',
  },
  rootPin: {
    fr: "le code PIN d'un jeton racine ou d'accès ne doit être dans aucun fichier : `quorum` ou `hsm`",
    en: 'the PIN of a root token or the access token is in no file: `quorum` or `hsm`',
  },
  onlinePin: {
    fr: "le code PIN d'un jeton en ligne est dans un fichier : `file`",
    en: 'a token that is online has its PIN in a file: `file`',
  },
  noRoot: {
    fr: "aucun jeton du plan ne s'ouvre par quorum : `none`",
    en: 'the plan has no token that a quorum opens: `none`',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function quorumFaults(plan: PlanFile): readonly Fault[] {
  const { quorum } = plan;
  return [
    ...pinStorageFaults(plan),
    ...(quorum.kind === 'none' ? [] : thresholdFaults(quorum, '/quorum')),
    ...(quorum.kind === 'shares' ? holderFaults(quorum, '/quorum') : []),
    ...(quorum.kind === 'shares' && makesShares(plan) ? absenceFaults(plan, quorum, '/quorum') : []),
  ];
}

/** Whether a step makes a token whose PIN is shared among the holders of the plan's quorum. */
function makesShares({ tokens, steps }: PlanFile): boolean {
  return steps.some(
    (step) =>
      step.do === 'initialise-token' && tokens.some(({ name, pin }) => name === step.token && pin.kind === 'quorum'),
  );
}

/**
 * Whether tokens of this kind are offline: they are opened in ceremonies only, by people who come
 * together.
 */
export function isOffline(kind: TokenKind): boolean {
  return kind === 'root' || kind === 'access';
}

/**
 * Checks that the PIN of each token is stored as its kind requires, and that the quorum of the plan
 * is of the kind that opens the offline token.
 */
function pinStorageFaults({ quorum, tokens }: PlanFile): readonly Fault[] {
  const faults: Fault[] = [];
  tokens.forEach(({ kind, pin }, at) => {
    const pointer = `/tokens/${at}/pin/kind`;
    if (!isOffline(kind)) {
      if (pin.kind !== 'file') faults.push({ pointer, message: MESSAGES.onlinePin });
      return;
    }
    const opening = pin.kind === 'quorum' ? 'shares' : 'hsm';
    if (pin.kind === 'file') faults.push({ pointer, message: MESSAGES.rootPin });
    else if (quorum.kind !== opening)
      faults.push({ pointer: '/quorum/kind', message: { fr: `doit être ${opening}`, en: `must be ${opening}` } });
  });
  if (quorum.kind !== 'none' && !tokens.some(({ kind }) => isOffline(kind)))
    faults.push({ pointer: '/quorum/kind', message: MESSAGES.noRoot });
  return faults;
}

export function thresholdFaults(
  { shares, threshold }: { readonly shares: number; readonly threshold: number },
  pointer: string,
): readonly Fault[] {
  return threshold > shares ? [{ pointer: `${pointer}/threshold`, message: MESSAGES.threshold }] : [];
}

/**
 * Checks that there is one holder for each share, and that no person and no certificate has two.
 */
export function holderFaults({ shares, holders }: Sharing, pointer: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (holders.length !== shares) {
    const message = {
      fr: `${holders.length} porteurs de part pour ${shares} parts`,
      en: `${holders.length} holders for ${shares} shares`,
    };
    faults.push({ pointer: `${pointer}/holders`, message });
  }
  const names = holders.map(({ name }) => plainName(name));
  const certificates = holders.map(certificateOf);
  holders.forEach((holder, at) => {
    const there = `${pointer}/holders/${at}`;
    if (names.indexOf(plainName(holder.name)) !== at)
      faults.push({ pointer: `${there}/name`, message: MESSAGES.twoShares });
    const certificate = certificateOf(holder);
    if (certificate !== null && certificates.indexOf(certificate) !== at)
      faults.push({ pointer: `${there}/encryption`, message: MESSAGES.oneCertificate });
  });
  return faults;
}

function certificateOf({ encryption }: Holder): string | null {
  return encryption === 'passphrase' ? null : encryption.sha256;
}

/**
 * Checks that each holder who types a passphrase when the shares are made is an officer among the
 * people. Shares for a certificate are made without their holder.
 */
export function absenceFaults({ people }: PlanFile, { holders }: Sharing, pointer: string): readonly Fault[] {
  return holders.flatMap(({ name, organisation, encryption }, at) => {
    if (encryption !== 'passphrase') return [];
    const isThere = people.some(
      (person) => person.role === 'officer' && person.name === name && person.organisation === organisation,
    );
    const message = {
      fr: `${name} (${organisation}) n'est pas parmi les porteurs de part de /people (officer)`,
      en: `${name} (${organisation}) is no officer of /people`,
    };
    return isThere ? [] : [{ pointer: `${pointer}/holders/${at}/name`, message }];
  });
}
