import * as customers from '../../customers/customers.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Channel } from '../draft/draft.ts';
import type { Preview } from '../text/text.ts';
import type { Checked } from './check.ts';
import { partsText } from './parts-view.ts';

/** What a text costs, what makes it dear, and how somebody would get it; partial `sms/check`. */
export interface CheckModel {
  error: string | null;
  missed: string | null;
  result: Result | null;
}

interface Result {
  /** `2 SMS` */
  parts: string;
  /** `Unicode, 134 of 134 signs` */
  facts: string;
  /** the signs that cost, and what it would be without them */
  forcing: { signs: string[]; text: string } | null;
  who: { name: string; path: string } | null;
  pieces: readonly { text: string; forces: boolean }[];
}

export function checkModel(ctx: CompanyContext, checked: Checked, channel: Channel): CheckModel {
  const { t } = ctx;
  const { preview, error, customer, missed } = checked;
  return {
    error: error && t(error.message, error.details),
    missed: missed && t(`sms.check.missed.${missed}`),
    result: preview && {
      ...(channel === 'sms' ? smsOf(ctx, preview) : messageOf(ctx, preview, channel)),
      who: customer && { name: customers.nameOf(customer, ctx), path: `/customers/${customer.id}` },
    },
  };
}

type Price = Pick<Result, 'parts' | 'facts' | 'forcing' | 'pieces'>;

function smsOf(ctx: CompanyContext, { parts, encoding, units, left, forcing, pieces, body }: Preview): Price {
  const { t, format } = ctx;
  return {
    parts: partsText(ctx, 'sms', parts),
    facts: t(`sms.check.${encoding}`, { count: units, units: format.number(units), left: format.number(left) }),
    forcing: forcingOf(ctx, forcing),
    pieces: encoding === 'ucs2' && forcing.length <= FEW ? pieces : [{ text: body, forces: false }],
  };
}

/** Other channels know no parts, and no short alphabet. */
function messageOf(ctx: CompanyContext, { body }: Preview, channel: Channel): Price {
  const count = [...body].length;
  return {
    parts: partsText(ctx, channel, 1),
    facts: ctx.t('sms.check.signs', { count, shown: ctx.format.number(count) }),
    forcing: null,
    pieces: [{ text: body, forces: false }],
  };
}

/** All of them where they are few; of a whole alphabet the first ones. */
function forcingOf({ t }: CompanyContext, forcing: readonly string[]): Result['forcing'] {
  if (forcing.length === 0) return null;
  if (forcing.length <= FEW) return { signs: forcing.map(visible), text: t('sms.check.forcing') };
  const key = forcing.some((sign) => /\p{Script=Cyrillic}/u.test(sign)) ? 'cyrillic' : 'alphabet';
  return { signs: forcing.slice(0, FIRST).map(visible), text: t(`sms.check.${key}`) };
}

const FIRST = 5;

// A text in Cyrillic is of such signs altogether: to mark each would help nobody.
const FEW = 12;

const visible = (sign: string) =>
  /^[\s\p{C}]$/u.test(sign) ? `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}` : sign;
