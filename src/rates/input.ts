import { z } from 'zod';
import { isCurrency, isRate } from '../kernel/money.ts';
import { isDay } from '../kernel/time.ts';
import { line } from '../web/form.ts';

const currency = line(3).toUpperCase().refine(isCurrency, 'companies.noCurrency');

/** 1 unit of `from` is `rate` units of `to`, in force from its day until the next one. */
export const newRate = z
  .object({
    from: currency,
    to: currency,
    // What numeric(24, 12) holds without rounding.
    rate: line(26)
      .refine(isRate, 'rates.noRate')
      .regex(/^\d{1,12}(?:\.\d{1,12})?$/, 'rates.noRate'),
    day: line(10).refine(isDay, 'rates.noDay'),
  })
  .refine(({ from, to }) => from !== to, { message: 'rates.same', path: ['to'] });
export type Rate = z.output<typeof newRate>;
