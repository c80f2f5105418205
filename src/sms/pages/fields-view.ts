import type { Context } from '../../web/context.ts';

/** What can stand in a text for something of each customer. */
export interface FieldButton {
  /** as it stands in the text */
  insert: string;
  label: string;
  hint: string;
}

const FIELDS = [
  ['name', '{{name|%}}'],
  ['first_name', '{{first_name|%}}'],
  ['company', '{{company}}'],
  ['region', '{{region|%}}'],
  ['orders', '{{orders}}'],
  ['last_order', '{{last_order|%}}'],
  ['stop', '{{stop}}'],
] as const;

/** With words in the place of what a customer may lack. */
export const fieldButtons = (t: Context['t']): FieldButton[] =>
  FIELDS.map(([key, insert]) => ({
    insert: insert.replace('%', insert.includes('%') ? t(`sms.field.${key}.instead`) : ''),
    label: t(`sms.field.${key}.label`),
    hint: t(`sms.field.${key}.hint`),
  }));
