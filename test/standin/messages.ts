/** One message that was taken: what the stand-in knows of it is the truth that tests compare with. */
export interface Taken {
  sid: string;
  to: string;
  from: string | null;
  service: string | null;
  body: string;
  callback: string | null;
  at: Date;
  /** what it ends as, once everything was told */
  final: 'delivered' | 'undelivered';
  status: 'queued' | 'sent' | 'delivered' | 'undelivered';
}

const errorOf = ({ status }: Taken): number | null => (status === 'undelivered' ? 30003 : null);

/** As Twilio's API shows a message. */
export const resource = (message: Taken, account: string) => ({
  account_sid: account,
  api_version: '2010-04-01',
  body: message.body,
  date_created: message.at.toUTCString(),
  date_sent: message.at.toUTCString(),
  date_updated: message.at.toUTCString(),
  direction: 'outbound-api',
  error_code: errorOf(message),
  error_message: null,
  from: message.from,
  messaging_service_sid: message.service,
  num_media: '0',
  num_segments: '1',
  price: null,
  price_unit: 'USD',
  sid: message.sid,
  status: message.status,
  subresource_uris: {},
  to: message.to,
  uri: `/2010-04-01/Accounts/${account}/Messages/${message.sid}.json`,
});
