const ids = '00000000-0000-7000-8000-000000000001,00000000-0000-7000-8000-000000000002';
const text = 'Something';
const told = { MessageSid: 'SM1', SmsSid: 'SM1', MessageStatus: 'delivered', ErrorCode: '1', From: '+380671234567' };

/** Fields of forms that stand on no page of the moment: what their handlers read, as a person might have typed it. */
export const TYPED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/segments': { name: 'Odd', filter: 'where=orders%3Agte%3A1', seen: '' },
  '/segments/:id/position': { towards: 'up' },
  '/duplicates/merge': { ids, from: 'duplicates' },
  '/duplicates/merge/choice': { ids },
  '/duplicates/sharing': { contact: 'email:customer-1@example.com', as: 'shared' },
  '/customers/:id/split': { origin: '', contacts: 'email:customer-1@example.com' },
  '/orders/:id/owner': { customer: '00000000-0000-7000-8000-000000000001' },
  '/tags/:id/merge': { into: '00000000-0000-7000-8000-000000000001' },
  '/sms/choice': { ids, scope: 'all', filter: 'where=orders%3Agte%3A1' },
  '/sms/:id/test': { number: '+380671234567' },
  '/sms/:id/launch': { seen: '1' },
  '/customers/:id/messages': { body: text, channel: 'sms', thread: '1' },
  '/imports/:id/reading': { encoding: 'utf-8', delimiter: ';', heading: 'on', quotes: 'on' },
  '/customers/:id/reviews': { phone: '+380671234567', sentiment: 'bad', reason: 'not_taken', text, signed: 'on' },
  '/password/reset/:token': { password: 'not a password' },
  '/invitations/:token': { name: 'Odd', password: 'not a password' },
  '/about-me/code': { code: '000000' },
  '/about-me/objection': { text },
  '/about-me/erasure': { text },
  '/about-me/reviews/:id/reply': { text },
  '/about-me/reviews/:id/dispute': { text },
  '/admin/senders/:id/companies': { company: '00000000-0000-7000-8000-000000000001' },
  '/admin/prices': { prices: 'sms,UA,0.05,EUR', replace: 'on' },
  '/companies/:id/current': { back: '/customers' },
  '/webhooks/twilio/status': told,
  '/webhooks/twilio/inbound': { ...told, To: '+15005550006', Body: 'STOP' },
  '/webhooks/messages/status': { id: '1', status: 'delivered' },
};
