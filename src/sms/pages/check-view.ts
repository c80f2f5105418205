import * as customers from '../../customers/customers.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Checked } from './check.ts';

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

export function checkModel(ctx: CompanyContext, { preview, error, customer, missed }: Checked): CheckModel {
  const { t, format } = ctx;
  return {
    error: error && t(error.message, error.details),
    missed: missed ? t('sms.check.missed') : null,
    result: preview && {
      parts: t('sms.parts', { count: preview.parts }),
      facts: t(`sms.check.${preview.encoding}`, {
        count: preview.units,
        units: format.number(preview.units),
        left: format.number(preview.left),
      }),
      forcing:
        preview.forcing.length > 0 && preview.forcing.length <= FEW
          ? { signs: preview.forcing.map(visible), text: t('sms.check.forcing') }
          : null,
      who: customer && { name: customers.nameOf(customer, ctx), path: `/customers/${customer.id}` },
      pieces:
        preview.encoding === 'ucs2' && preview.forcing.length <= FEW
          ? preview.pieces
          : [{ text: preview.body, forces: false }],
    },
  };
}

// A text in Cyrillic is of such signs altogether: to mark each would help nobody.
const FEW = 12;

const visible = (sign: string) =>
  /^[\s\p{C}]$/u.test(sign) ? `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}` : sign;
