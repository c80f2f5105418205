import { expect } from '@jest/globals';
import * as consents from '../../src/consents/consents.ts';
import { newId } from '../../src/kernel/id.ts';
import * as ledger from '../../src/ledger/ledger.ts';
import * as send from '../../src/sms/send/send.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { deliveries, letLeasesEnd, now, phone, type Shop, take } from './make.ts';

/** What a worker does: `create` is the call itself, the last three write down what came of it. */
export type Work = 'claim' | 'call' | 'create' | 'settle' | 'refuse' | 'cut';

/** What happens, and to which worker or number. */
export type Deed =
  | { deed: Work; worker: number }
  | { deed: 'hear'; number: number; state: ledger.Fate }
  | { deed: 'stop'; number: number }
  | { deed: 'lapse' | 'leases' | 'pause' | 'resume' | 'cancel' };

interface Worker {
  claim: ledger.Claim;
  /** marked as being called: what has become of it only this worker knows */
  out: { call: ledger.Call; created: boolean; stale: boolean }[];
}

/** A campaign, its workers with what each believes, and the journal of a provider that takes whatever comes. */
export class World {
  readonly journal: string[] = [];
  readonly silent = new Set<string>();
  readonly workers: Worker[];
  running = true;
  readonly shop: Shop;
  readonly userId: string;

  constructor(shop: Shop, userId: string, workers: number) {
    this.shop = shop;
    this.userId = userId;
    this.workers = Array.from({ length: workers }, () => ({ claim: { claim: newId(), rows: [] }, out: [] }));
  }

  async do(deed: Deed): Promise<void> {
    const { shop, userId } = this;
    const { inside, campaignId } = shop;
    if ('worker' in deed) return this.#work(deed.deed, this.#at(deed.worker));
    if (deed.deed === 'hear') return this.#hear(phone(deed.number), deed.state);
    if (deed.deed === 'stop') return this.#stop(phone(deed.number));
    if (deed.deed === 'lapse') return void (await inside((db) => ledger.lapse(db, campaignId)));
    if (deed.deed === 'leases') {
      for (const one of this.workers) for (const each of one.out) each.stale = true;
      return void (await letLeasesEnd(this.shop));
    }
    if (deed.deed === 'resume') this.running ||= await inside((db) => send.resume(db, campaignId, userId));
    const stop = deed.deed === 'pause' ? send.pause : send.cancel;
    if (deed.deed !== 'resume' && (await inside((db) => stop(db, campaignId, userId)))) this.running = false;
  }

  #at(place: number): Worker {
    const found = this.workers[place];
    if (!found) throw new Error('there is no such worker');
    return found;
  }

  async #work(deed: string, one: Worker): Promise<void> {
    const { inside, campaignId } = this.shop;
    if (deed === 'claim') one.claim = await take(this.shop, 2);
    if (deed === 'call') {
      const held = { claim: one.claim.claim, ids: one.claim.rows.map(({ id }) => id) };
      const terms = { sender: null, seconds: 60, now: now() };
      const calls = (await inside((db) => ledger.call(db, campaignId, held, terms))) ?? [];
      if (!this.running) expect(calls).toEqual([]);
      for (const { address } of calls) expect(this.silent).not.toContain(address);
      one.out.push(...calls.map((call) => ({ call, created: false, stale: false })));
    }
    if (deed === 'create') {
      for (const each of one.out.filter(({ stale, created }) => !stale && !created)) {
        each.created = true;
        expect(this.silent).not.toContain(each.call.address);
        this.journal.push(each.call.address);
      }
    }
    if (deed === 'settle' || deed === 'refuse' || deed === 'cut') await this.#end(deed, one);
  }

  async #end(deed: 'settle' | 'refuse' | 'cut', one: Worker): Promise<void> {
    const { claim } = one.claim;
    const [done, back] = [one.out.filter(({ created }) => created), one.out.filter(({ created }) => !created)];
    const settlements = done.map(({ call: { id } }): ledger.Settlement => {
      if (deed === 'settle') return { id, state: 'accepted', sid: `SM${id}` };
      if (deed === 'cut') return { id, state: 'unknown', reason: 'cut' };
      return { id, state: 'failed', reason: 'no', errorCode: '21211' };
    });
    await this.shop.inside(async (db) => {
      await ledger.settle(db, claim, settlements, now());
      await ledger.release(db, { claim, ids: back.map(({ call }) => call.id) });
    });
    one.out = [];
  }

  async #hear(address: string, state: ledger.Fate): Promise<void> {
    const row = (await deliveries(this.shop)).find((each) => each.address === address);
    if (!row || !this.journal.includes(address)) return;
    await this.shop.inside((db) => ledger.hear(db, [{ id: row.id, sid: `SM${row.id}`, state, at: now() }]));
  }

  async #stop(address: string): Promise<void> {
    const addressKey = keyOfPhone(address);
    await this.shop.inside((db) => consents.suppress(db, { addressKey, hint: '00', reason: 'stop', userId: null }));
    const open = await this.shop.inside((db) => ledger.silence(db, addressKey));
    if (open === 0) this.silent.add(address);
  }
}
