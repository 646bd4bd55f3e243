import { Counter, Gauge, type Registry } from 'prom-client';

export function webhookMetrics(registers: Registry[]) {
  return {
    webhookDeliveries: new Counter({
      name: 'pfcng_webhook_deliveries_total',
      help: 'Attempts to deliver an event to an endpoint, by result: delivered, failed (tried again later), dead.',
      labelNames: ['endpoint', 'result'],
      registers,
    }),
    webhookOldest: new Gauge({
      name: 'pfcng_webhook_oldest_seconds',
      help: 'Age of the oldest event that waits for an endpoint; 0: none waits.',
      labelNames: ['endpoint'],
      registers,
    }),
    webhookDead: new Gauge({
      name: 'pfcng_webhook_dead',
      help: 'Deliveries that are not tried any more, until an officer replays or drops them.',
      registers,
    }),
  } as const;
}
