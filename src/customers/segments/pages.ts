import { liveSegments, type Segment, why } from '../../segments/segments.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { knownOf } from '../consents/pages.ts';
import type { Known } from '../consents/view.ts';
import { visit } from '../visit.ts';
import { segmentsModel } from './view.ts';

/** In which segments a customer is, and why; and why not in the others. */
export async function show(ctx: CompanyContext): Promise<void> {
  const visited = await visit(ctx, 'segments', async (db, customer) => {
    const { id } = customer;
    const segments = (await liveSegments(db)).filter(isUnderstood);
    const { dictionary, of } = await tags.ofCustomers(db, [id]);
    return {
      segments,
      verdicts: await why(
        db,
        id,
        segments.map(({ filter }) => filter),
        ctx.now,
      ),
      names: new Map(dictionary.map((tag) => [tag.id, tag.name])),
      consent: smsConsent(await knownOf(ctx, db, customer)),
      tags: (of.get(id) ?? []).map(({ name }) => name),
    };
  });
  if (visited) await ctx.render('customers/segments', segmentsModel(ctx, visited));
}

/** One number that may be written to is enough; the same as the criterion `consent` of segments. */
function smsConsent({ held }: Known): 'yes' | 'no' | 'none' {
  const sms = held.filter(({ channel }) => channel === 'sms');
  if (sms.length === 0) return 'none';
  return sms.some(({ granted }) => granted) ? 'yes' : 'no';
}

type Understood = Segment & { readonly filter: NonNullable<Segment['filter']> };

const isUnderstood = (segment: Segment): segment is Understood => segment.filter !== null;
