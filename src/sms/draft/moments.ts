import { localMoment } from '../../kernel/quiet.ts';
import type { Company } from '../../tenancy/company.ts';
import { FieldError } from '../../web/form.ts';

interface Times {
  scheduledAt: string;
  expiresAt: string;
}

interface Moments {
  scheduledAt: Date | null;
  expiresAt: Date | null;
}

/** The moments that a form's local times mean in the company's zone; empty: none. Throws FieldError. */
export function momentsOf(times: Times, { timezone }: Company, now: Date): Moments {
  const [scheduledAt, expiresAt] = [read('scheduledAt'), read('expiresAt')];
  if (scheduledAt && scheduledAt <= now) throw new FieldError('scheduledAt', 'sms.form.past');
  if (expiresAt && expiresAt <= now) throw new FieldError('expiresAt', 'sms.form.past');
  if (scheduledAt && expiresAt && expiresAt <= scheduledAt) throw new FieldError('expiresAt', 'sms.form.expiresFirst');
  return { scheduledAt, expiresAt };

  function read(field: keyof Times): Date | null {
    if (times[field] === '') return null;
    const moment = localMoment(times[field], timezone);
    if (!moment) throw new FieldError(field, 'sms.form.noTime');
    return moment;
  }
}
