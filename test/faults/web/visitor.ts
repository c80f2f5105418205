import { addMember, createUser, newUser } from '../../../src/auth/auth.ts';
import { newId } from '../../../src/kernel/id.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { type Answer, call, type Site, site } from '../../bench/load.ts';
import type { Stage } from '../stage.ts';

export interface Person {
  id: string;
  email: string;
  password: string;
}

/** Somebody who may sign in, as the owner of a company where one is named. */
export async function makePerson({ services }: Pick<Stage, 'services'>, company?: Company): Promise<Person> {
  const email = `person-${newId().slice(-12)}@example.com`;
  const input = newUser.parse({ email, name: 'Somebody', password: `the password of ${email}` });
  const id = await services.tenancy.inPortal(async (db) => {
    const userId = await createUser(db, input, null);
    if (company) await addMember(db, { companyId: company.id, userId, role: 'owner' }, null);
    return userId;
  });
  return { id, email, password: input.password };
}

/** A browser over the network: keeps cookies and the hidden fields of the last form. */
export class Browser {
  readonly #site: Site;
  readonly #cookies = new Map<string, string>();
  #hidden: Record<string, string> = {};

  /** `from`: the address of this machine that it comes from */
  constructor({ port }: Pick<Stage, 'port'>, from?: string) {
    this.#site = site(port, {}, from);
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async get(path: string): Promise<Answer> {
    return this.#keep(await call(this.#site, path, { headers: this.#headers() }));
  }

  async post(path: string, fields: Record<string, string>): Promise<Answer> {
    const body = new URLSearchParams({ ...this.#hidden, ...fields }).toString();
    const headers = { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' };
    return this.#keep(await call(this.#site, path, { method: 'POST', body, headers }));
  }

  async signIn({ email, password }: Person): Promise<Answer> {
    await this.get('/login');
    return this.post('/login', { email, password });
  }

  close(): void {
    this.#site.agent.destroy();
  }

  #headers(): Record<string, string> {
    return this.#cookies.size === 0 ? {} : { cookie: this.cookie };
  }

  #keep(answer: Answer): Answer {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    for (const name of ['_csrf', '_company']) {
      const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(answer.body)?.[1];
      if (value !== undefined) this.#hidden = { ...this.#hidden, [name]: value };
    }
    return answer;
  }
}

/** Signed in to a company, with its first page seen. */
export async function signedIn(stage: Stage, company: Company): Promise<Browser> {
  const browser = new Browser(stage);
  const { status } = await browser.signIn(await makePerson(stage, company));
  if (status !== 303) throw new Error(`the sign-in was answered ${status}`);
  await browser.get('/customers');
  return browser;
}
