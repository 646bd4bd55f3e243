/** What a profile and its environment say, as facts in words. */
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import type { ProfileInPolicy } from '../../../operations/policy/read-policy.js';
import { isOwnSigner } from '../../../policy/own-signers.js';
import { filled } from '../../words/filled.js';
import {
  ALTERNATIVE_NAME_LABELS,
  ASSURANCE_LABELS,
  EXTENDED_USAGE_LABELS,
  HOLDER_LABELS,
  KEY_ORIGIN_LABELS,
  KEY_USAGE_LABELS,
  PROFILE_WORDS,
  SELF_SERVICE_LABELS,
  SUSPENSION_LABELS,
} from '../../words/profiles.js';
import { numberWords } from '../../words/times.js';
import { durationText, listed, validityText, type WordFact } from './values.js';
import { PROFILE_PAGE_WORDS as WORDS } from './words.js';

export function whoFacts({ now: { profile } }: ProfileInPolicy): readonly WordFact[] {
  const { id, holder, authority, cardProducts, assurance, selfService } = profile;
  return [
    { label: PROFILE_WORDS.profile, value: untranslated(id) },
    { label: PROFILE_WORDS.holder, value: HOLDER_LABELS[holder] },
    { label: PROFILE_WORDS.authority, value: untranslated(authority) },
    {
      label: PROFILE_WORDS.cards,
      value: cardProducts === null ? PROFILE_WORDS.noCard : untranslated(cardProducts.join(', ').toUpperCase()),
    },
    {
      label: WORDS.identity,
      value:
        assurance === null ? WORDS.identityNone : filled(WORDS.identityLevel, { level: ASSURANCE_LABELS[assurance] }),
    },
    { label: WORDS.self, value: listed(selfService.map((action) => SELF_SERVICE_LABELS[action])) },
  ];
}

export function validityFacts({ now }: ProfileInPolicy): readonly WordFact[] {
  const { profile, renewalAnyTime, suspensionAllowed } = now;
  const { validity, renewalWindow, update } = profile;
  const ownSuspension = SUSPENSION_LABELS[profile.suspensionAllowed];
  const isWidened = suspensionAllowed && profile.suspensionAllowed !== 'always';
  return [
    { label: PROFILE_WORDS.validity, value: validityText(validity) },
    { label: WORDS.renewal, value: renewalText(renewalWindow?.days ?? null, renewalAnyTime) },
    { label: WORDS.suspension, value: isWidened ? listed([ownSuspension, WORDS.suspensionHere]) : ownSuspension },
    {
      label: WORDS.update,
      value:
        update === null
          ? WORDS.updateNever
          : filled(WORDS.updateTerms, {
              confirm: durationText(update.confirmWithinMs),
              overlap: durationText(update.overlapMs),
            }),
    },
  ];
}

function renewalText(days: number | null, isAnyTime: boolean): Bilingual {
  if (days === null) return WORDS.renewalNever;
  return isAnyTime ? WORDS.renewalAny : filled(WORDS.renewalDays, { days: String(days) });
}

export function keyFacts({ now, environment }: ProfileInPolicy): readonly WordFact[] {
  const { profile, keyTypes, keyOriginRequired } = now;
  const origins = listed(profile.keyOrigin.origins.map((origin) => KEY_ORIGIN_LABELS[origin]));
  const stated = WORDS.keyOriginRequired;
  return [
    { label: PROFILE_WORDS.keyTypes, value: untranslated(keyTypes.join(', ')) },
    {
      label: WORDS.keyOrigin,
      value:
        origins !== null && keyOriginRequired
          ? { fr: `${origins.fr}${stated.fr}`, en: `${origins.en}${stated.en}` }
          : origins,
    },
    { label: WORDS.container, value: profile.container === undefined ? null : untranslated(profile.container) },
    {
      label: WORDS.perHour,
      value: numberWords(profile.certificatesPerHourMax ?? environment.certificatesPerHourMax),
    },
  ];
}

export function contentFacts({ now: { profile } }: ProfileInPolicy): readonly WordFact[] {
  const { keyUsage, extendedKeyUsage, subjectAltName, privateKeyUsagePeriod, gip, ocspNoCheck } = profile;
  const sector = [
    ...(gip.category === null ? [] : [WORDS.gipCategory]),
    ...(gip.cardType ? [WORDS.gipType] : []),
    ...(gip.cardId ? [WORDS.gipId] : []),
    ...(gip.profession ? [WORDS.gipProfession] : []),
  ];
  return [
    { label: WORDS.keyUsage, value: listed(keyUsage.map((one) => KEY_USAGE_LABELS[one])) },
    { label: WORDS.extendedUsage, value: listed(extendedKeyUsage.map((one) => EXTENDED_USAGE_LABELS[one])) },
    {
      label: WORDS.alternativeName,
      value: subjectAltName === null ? null : ALTERNATIVE_NAME_LABELS[subjectAltName],
    },
    { label: WORDS.usagePeriod, value: privateKeyUsagePeriod ? WORDS.yes : null },
    { label: WORDS.sector, value: listed(sector) },
    { label: WORDS.always, value: ocspNoCheck ? WORDS.alwaysResponder : WORDS.alwaysValue },
  ];
}

/** The checks of a request for such a certificate, in their order. */
export function checksOf({ now: { profile }, environment }: ProfileInPolicy): readonly Bilingual[] {
  if (isOwnSigner(profile.holder)) return [WORDS.checkKey, WORDS.checkLint];
  const isOnCard = profile.cardProducts !== null;
  return [
    WORDS.checkScope,
    WORDS.checkCodes,
    environment.luhnChecked ? WORDS.checkLuhn : WORDS.checkLuhnNot,
    filled(WORDS.checkNames, { scripts: environment.nameScripts.join(', ') }),
    WORDS.checkPossession,
    WORDS.checkKey,
    ...(environment.duplicatesRefused ? [WORDS.checkDuplicates] : []),
    ...(isOnCard && environment.cardsOfOneHolder ? [WORDS.checkCards] : []),
    ...(environment.refusesOpposed ? [WORDS.checkOpposed] : []),
    WORDS.checkLint,
  ];
}
