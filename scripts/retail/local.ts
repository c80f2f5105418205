import { companyCreate } from '../../src/operator/commands/company-create.ts';
import { keyCreate } from '../../src/operator/commands/key-create.ts';
import { openDesk } from '../../src/operator/desk.ts';
import { CURRENCY, ZONE } from './order.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** At the server's own shell: makes the company where it is missing, and a new key for it. */
export async function localKey(env: Environment, slug: string): Promise<string> {
  const desk = await openDesk(env);
  try {
    if (!(await desk.tenancy.companyOfOperator(slug))) {
      const company = { slug, name: 'Online Retail', country: 'GB', currency: CURRENCY, timezone: ZONE };
      await companyCreate.run(desk, companyCreate.input.parse(company));
    }
    const key = await keyCreate.run(desk, keyCreate.input.parse({ company: slug, name: 'load:retail' }));
    return key.key;
  } finally {
    await desk.close();
  }
}
