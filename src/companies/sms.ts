import { z } from 'zod';
import * as audit from '../audit/audit.ts';
import { parseMoney } from '../kernel/money.ts';
import { plainDecimal } from '../kernel/number.ts';
import type { Locale } from '../tenancy/company.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import { oneOf, ticked } from '../web/form.ts';
import * as sql from './sql.ts';

/** What a company decides about its SMS. */
export interface SmsSettings {
  /** `existing`: who has ordered or written may get SMS until they say no; `asked`: only who has said yes */
  consent: 'existing' | 'asked';
  /** SMS of campaigns to one customer a day; 0: as many as there are */
  cap: number;
  /** minor units of the company's currency a month; null: no ceiling */
  budget: bigint | null;
  /** `20:00-9:00`, in the company's zone; null: any time is good */
  quietHours: string | null;
}

export async function smsSettings(db: CompanyReader): Promise<SmsSettings> {
  const [row] = await db.query<SmsSettings>(sql.smsSettings());
  if (!row) throw new Error('the company is gone');
  return row;
}

export async function changeSmsSettings(db: CompanyDb, settings: SmsSettings, by: string): Promise<void> {
  await db.execute(sql.updateSms(db.company.id, settings));
  const { budget, ...rest } = settings;
  await audit.write(db, {
    userId: by,
    action: 'company.sms',
    subject: { ...rest, budget: budget === null ? null : String(budget) },
  });
}

const time = z
  .string('web.form.required')
  .trim()
  .regex(/^(?:([01]?\d|2[0-3]):[0-5]\d)?$/, 'settings.sms.noTime');

/** The form of the settings; the budget in the company's currency, as people write numbers in `locale`. */
export const smsForm = (currency: string, locale: Locale) =>
  z
    .object({
      consent: oneOf(['existing', 'asked']),
      cap: z
        .string('web.form.required')
        .trim()
        .regex(/^\d{1,3}$/, 'settings.sms.noCap')
        .transform(Number)
        .refine((cap) => cap <= 100, 'settings.sms.noCap'),
      budget: z
        .string()
        .trim()
        .default('')
        .transform((text, context) => {
          if (text === '') return null;
          const minor = parseMoney(plainDecimal(text, locale), currency);
          if (minor !== null && minor >= 0n) return minor;
          context.addIssue({ code: 'custom', message: 'settings.sms.noBudget' });
          return z.NEVER;
        }),
      quiet: ticked,
      from: time.default(''),
      to: time.default(''),
    })
    .superRefine(({ quiet, from, to }, context) => {
      if (!quiet) return;
      for (const [path, value] of Object.entries({ from, to }))
        if (value === '') context.addIssue({ code: 'custom', path: [path], message: 'web.form.required' });
      if (from !== '' && minutes(from) === minutes(to))
        context.addIssue({ code: 'custom', path: ['to'], message: 'settings.sms.sameTime' });
    })
    .transform(
      ({ quiet, from, to, ...rest }): SmsSettings => ({ ...rest, quietHours: quiet ? `${from}-${to}` : null }),
    );

const minutes = (clock: string) => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
