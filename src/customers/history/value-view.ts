import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Difference, Value } from './difference.ts';

/** A value of the history as people read it, one text for each of several; none: nothing. */
export function valueText({ t }: Pick<CompanyContext, 't'>, field: Difference['field'], value: Value): string[] {
  const texts = value === null || value === '' ? [] : [value].flat();
  if (field === 'phones') return texts.map((text) => phoneText({ t }, text));
  if (field === 'gender') return texts.map((text) => t(`customers.gender.${text}`));
  return texts;
}

/** `+380671234567 viber sms` */
function phoneText({ t }: Pick<CompanyContext, 't'>, text: string): string {
  const [number = '', ...channels] = text.split(' ');
  const words = channels.map((channel) => t(`customers.channel.${channel}`));
  return words.length > 0 ? `${formatPhone(number)} (${words.join(', ')})` : formatPhone(number);
}
