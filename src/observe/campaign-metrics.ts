import { Gauge, type Registry } from 'prom-client';

export function campaignMetrics(registers: Registry[]) {
  return {
    campaignCards: new Gauge({
      name: 'pfcng_campaign_cards',
      help: 'Cards of campaigns that have not ended, by class and state.',
      labelNames: ['campaign', 'class', 'state'],
      registers,
    }),
    campaignDesk: new Gauge({
      name: 'pfcng_campaign_desk_cards',
      help: 'Cards of campaigns that have not ended that have to go to a desk, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    campaignMissedDates: new Gauge({
      name: 'pfcng_campaign_missed_dates',
      help: 'Dates of campaigns that have not ended that passed without effect, by date: suspension or revocation.',
      labelNames: ['campaign', 'date'],
      registers,
    }),
    campaignTicketsAhead: new Gauge({
      name: 'pfcng_campaign_tickets_ahead_seconds',
      help: 'How far ahead the place is that a card of an open campaign would get now.',
      labelNames: ['campaign', 'class'],
      registers,
    }),
  } as const;
}
