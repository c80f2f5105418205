import * as sms from '../src/sms/sms.ts';
import type { Handler } from './handler.ts';

export const sendCampaign: Handler<'campaign.send'> = {
  run: ({ services, channels, company, payload, signal, leaseSeconds }) =>
    sms.send.send(services, channels, company, payload.campaignId, signal, { leaseSeconds }),
};

export const sweepCampaigns: Handler<'campaigns.sweep'> = {
  run: ({ services, signal }) => sms.send.sweep(services, signal),
};

export const reconcileDeliveries: Handler<'deliveries.reconcile'> = {
  run: ({ services, channels, signal }) => sms.reconcile(services, channels, signal),
};
