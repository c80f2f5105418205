import { isId } from '../../kernel/id.ts';
import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError } from '../../web/form.ts';
import { REASONS } from '../audience/audience.ts';
import type { Channel } from '../draft/draft.ts';
import { type Recipient, recipients, totalOf } from '../launch/recipients.ts';
import { draftHere } from './here.ts';
import { partsText } from './parts-view.ts';
import { reasonText } from './reason-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/recipients': RecipientsModel;
  }
}

interface RecipientsModel {
  title: string;
  name: string;
  back: string;
  /** how many there are in all; null: it is not the first page, and to count them takes as long as a dry run */
  total: string | null;
  /** whether anybody of the page has a number, and a text: who is skipped may have neither */
  hasPhones: boolean;
  hasTexts: boolean;
  rows: { name: string; path: string; phone: string; body: string; parts: string }[];
  next: string | null;
  first: string | null;
}

const PER_PAGE = 50;

/** Who would get a draft, each with the text of their own, or who is skipped for one reason. */
export async function show(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (!row) return;
  const { t, format, services, company, now } = ctx;
  const reason = REASONS.find((each) => each === ctx.req.query.reason) ?? null;
  const given = String(ctx.req.query.after ?? '');
  const wanted = { reason, per: PER_PAGE, after: isId(given) ? given : null };
  const moment = { now, publicUrl: services.config.publicUrl };
  const page = await services.tenancy
    .reading(company, async (db) => ({
      ...(await recipients(db, row, moment, wanted)),
      total: wanted.after === null ? await totalOf(db, row, moment, reason) : null,
    }))
    .catch(refused);
  if (!page) return ctx.redirect(`/sms/${row.id}`);
  const to = (after: string | null) => {
    const query = new URLSearchParams({ ...(reason ? { reason } : {}), ...(after ? { after } : {}) });
    return `/sms/${row.id}/recipients${query.size > 0 ? `?${query}` : ''}`;
  };
  await ctx.render('sms/recipients', {
    title: reason ? t('sms.recipients.skipped', { reason: reasonText(ctx, reason) }) : t('sms.recipients.title'),
    name: row.name,
    back: `/sms/${row.id}`,
    total:
      page.total === null ? null : t('sms.recipients.total', { count: page.total, shown: format.number(page.total) }),
    hasPhones: page.rows.some(({ address }) => address !== null),
    hasTexts: page.rows.some(({ body }) => body !== ''),
    rows: page.rows.map((recipient) => rowModel(ctx, row.channel, recipient)),
    next: page.next && to(page.next),
    first: wanted.after ? to(null) : null,
  });
}

/** The draft's own page says what is wrong with it. */
function refused(error: unknown): null {
  if (error instanceof FieldError) return null;
  throw error;
}

const rowModel = (ctx: CompanyContext, channel: Channel, { customerId, name, address, body, parts }: Recipient) => ({
  name: name || (address ? formatPhone(address) : ctx.t('customers.noName')),
  path: `/customers/${customerId}`,
  phone: address ? formatPhone(address) : '',
  body,
  parts: parts > 0 ? partsText(ctx, channel, parts) : '',
});
