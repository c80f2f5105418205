import { revokeKey } from '../../src/keys/keys.ts';
import { companyCreate } from '../../src/operator/commands/company-create.ts';
import { keyCreate } from '../../src/operator/commands/key-create.ts';
import { companyOf, inPortal, openDesk } from '../../src/operator/desk.ts';
import { CURRENCY, ZONE } from './order.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** At the server's own shell: makes the company where it is missing, and lends a key for it while `work` goes on. */
export async function withLocalKey<T>(env: Environment, slug: string, work: (key: string) => Promise<T>): Promise<T> {
  const desk = await openDesk(env);
  try {
    if (!(await desk.tenancy.companyOfOperator(slug))) {
      const company = { slug, name: 'Online Retail', country: 'GB', currency: CURRENCY, timezone: ZONE };
      await companyCreate.run(desk, companyCreate.input.parse(company));
    }
    const { id, key } = await keyCreate.run(desk, keyCreate.input.parse({ company: slug, name: 'load:retail' }));
    try {
      return await work(key);
    } finally {
      const { id: companyId } = await companyOf(desk, slug);
      await inPortal(desk, (db) => revokeKey(db, companyId, id, { userId: null, now: desk.clock() }));
    }
  } finally {
    await desk.close();
  }
}
