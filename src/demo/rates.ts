import { addDays } from '../kernel/time.ts';
import { setRate } from '../rates/rates.ts';
import type { PortalDb } from '../tenancy/handles.ts';

/** What 1 unit was worth 19 months ago and is now. GBP has none on purpose: such orders are shown apart (P-47). */
const COURSES = [
  { from: 'EUR', to: 'UAH', was: 45.2, is: 48.9 },
  { from: 'PLN', to: 'UAH', was: 10.6, is: 11.5 },
  { from: 'USD', to: 'UAH', was: 41.3, is: 42.1 },
  { from: 'PLN', to: 'EUR', was: 0.2336, is: 0.2354 },
  { from: 'EUR', to: 'PLN', was: 4.28, is: 4.248 },
];

const STEPS = 8;
const DAYS_A_STEP = 80;

/** A new rate every 80 days, from before the first order on. `today`: YYYY-MM-DD */
export async function setRates(db: PortalDb, today: string): Promise<void> {
  for (const course of COURSES) {
    for (let step = 0; step < STEPS; step++) {
      const rate = (course.was + ((course.is - course.was) * step) / (STEPS - 1)).toFixed(4);
      await setRate(
        db,
        { from: course.from, to: course.to, rate, day: addDays(today, -(STEPS - 1 - step) * DAYS_A_STEP) },
        null,
      );
    }
  }
}
